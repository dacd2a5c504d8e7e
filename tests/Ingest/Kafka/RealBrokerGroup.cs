using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Kafka;

[CollectionDefinition(RealBrokerFixture.Collection)]
public sealed class RealBrokerGroup : ICollectionFixture<RealBrokerFixture>;
