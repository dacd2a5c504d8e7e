using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>One real broker and one embedded cluster for all tests of this project.</summary>
[CollectionDefinition(RealBrokerFixture.Collection)]
public sealed class SharedBrokers : ICollectionFixture<RealBrokerFixture>;
