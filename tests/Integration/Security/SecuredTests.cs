namespace AEAnomaly.Integration.Tests.Security;

/// <summary>The tests that share a <see cref="SecuredScene"/>.</summary>
[CollectionDefinition(SecuredScene.Collection)]
public sealed class SecuredTests : ICollectionFixture<SecuredScene>;
