using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests;

/// <summary>One broker for all tests of this project.</summary>
[CollectionDefinition(BrokerFixture.Collection)]
public sealed class SharedBroker : ICollectionFixture<BrokerFixture>;
