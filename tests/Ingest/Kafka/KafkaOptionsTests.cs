using System.ComponentModel.DataAnnotations;
using AEAnomaly.Ingest.Embedded;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class KafkaOptionsTests
{
    [Fact]
    public void Validate_Defaults_OnlyServersMissing()
    {
        var errors = Errors(new KafkaOptions());

        Assert.Equal(nameof(KafkaOptions.BootstrapServers), Assert.Single(Assert.Single(errors).MemberNames));
    }

    [Fact]
    public void Validate_EverythingWrong_NamesEveryMember()
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "",
            GroupId = "",
            BatchRecords = 0,
            BatchWait = TimeSpan.Zero,
            CommitRecords = 0,
            CommitInterval = TimeSpan.FromHours(1),
            MaxRecordBytes = 1,
            MaxDeadLetterBytes = 1,
            MaxWaitingBytes = 1,
            InstanceId = "my pod",
            RequestTimeout = TimeSpan.Zero,
            ShutdownTimeout = TimeSpan.Zero,
        };

        var members = Errors(options).SelectMany(error => error.MemberNames).Distinct().Order();

        Assert.Equal(
            [
                "BatchRecords", "BatchWait", "BootstrapServers", "CommitInterval", "CommitRecords", "GroupId", "InstanceId", "MaxDeadLetterBytes", "MaxRecordBytes",
                "MaxWaitingBytes", "RequestTimeout", "ShutdownTimeout",
            ],
            members);
    }

    [Theory]
    [InlineData("enable.auto.commit", "true", "acknowledged")]
    [InlineData("enable.auto.offset.store", "true", "acknowledged")]
    [InlineData("acks", "1", "acknowledged by all replicas")]
    [InlineData("enable.idempotence", "false", "always idempotent")]
    [InlineData("bootstrap.servers", "other:9092", "kafka.bootstrap_servers")]
    [InlineData("no.such.property", "1", "No such configuration property")]
    [InlineData("session.timeout.ms", "soon", "session.timeout.ms")]
    [InlineData("dotnet.producer.enable.background.poll", "true", ".NET client")]
    public void Validate_PropertyNotAllowed_SaysWhichAndWhy(string name, string value, string expected)
    {
        var options = new KafkaOptions { BootstrapServers = "broker:9092" };
        options.Properties["security.protocol"] = "ssl";
        options.Properties[name] = value;

        var error = Assert.Single(Errors(options));

        Assert.StartsWith(name + ": ", error.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(expected, error.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal([nameof(KafkaOptions.Properties)], error.MemberNames);
    }

    [Fact]
    public void ForConsumer_UserProperty_WinsOverDefaultAndProducerPropertyIsLeftOut()
    {
        var options = new KafkaOptions { BootstrapServers = "broker:9092" };
        options.Properties["fetch.wait.max.ms"] = "7";
        options.Properties["linger.ms"] = "9";
        options.Properties["group.protocol"] = "consumer";

        var consumer = KafkaProperties.ForConsumer(options, "g");
        var producer = KafkaProperties.ForProducer(options);

        Assert.Equal(("7", "g", "false"), (consumer["fetch.wait.max.ms"], consumer["group.id"], consumer["enable.auto.commit"]));
        Assert.DoesNotContain("linger.ms", consumer.Keys);
        Assert.DoesNotContain("partition.assignment.strategy", consumer.Keys);
        Assert.Equal(("9", "all", "true"), (producer["linger.ms"], producer["acks"], producer["enable.idempotence"]));
        Assert.DoesNotContain("fetch.wait.max.ms", producer.Keys);
    }

    [Fact]
    public void ForConsumer_Defaults_TakesOverWithinTenSecondsAndReadsAheadHalfOfWhatMayWaitUpTo4MiB()
    {
        var options = new KafkaOptions { BootstrapServers = "broker:9092", MaxWaitingBytes = 4 * 1_048_576 };

        var consumer = KafkaProperties.ForConsumer(options, "g");

        Assert.Equal(("10000", "2048"), (consumer["session.timeout.ms"], consumer["queued.max.messages.kbytes"]));
        options.MaxWaitingBytes = 64 * 1_048_576;
        Assert.Equal("4096", KafkaProperties.ForConsumer(options, "g")["queued.max.messages.kbytes"]);
        Assert.DoesNotContain("group.instance.id", consumer.Keys);
        Assert.Equal("2048", KafkaProperties.ForReader(options)["queued.max.messages.kbytes"]);
        options.Properties["queued.max.messages.kbytes"] = "12345";
        Assert.Equal("12345", KafkaProperties.ForReader(options)["queued.max.messages.kbytes"]);
    }

    [Theory]
    [InlineData("classic", true)]
    [InlineData("consumer", false)]
    public void ForConsumer_InstanceId_IsAStaticMemberOfEitherProtocol(string protocol, bool hasSession)
    {
        var options = new KafkaOptions { BootstrapServers = "broker:9092", InstanceId = "payments-0" };
        options.Properties["group.protocol"] = protocol;

        var consumer = KafkaProperties.ForConsumer(options, "g");

        Assert.Equal(("payments-0", hasSession), (consumer["group.instance.id"], consumer.ContainsKey("session.timeout.ms")));
        Assert.DoesNotContain("group.instance.id", KafkaProperties.ForReader(options).Keys);
    }

    [Fact]
    public void ForReader_BoundsOfTheGroupBelowTheClientsOwn_AreLeftOutSinceItJoinsNone()
    {
        var options = new KafkaOptions { BootstrapServers = "kafka:9092" };
        options.Properties["session.timeout.ms"] = "6000";
        options.Properties["max.poll.interval.ms"] = "6000";

        // The client is refused where they do not fit each other.
        using var reader = new ConsumerBuilder<Ignore, Ignore>(KafkaProperties.ForReader(options)).Build();

        Assert.StartsWith("aeanomaly", reader.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ConfluentClient_IsTheHandleLibrdkafkaKnows()
    {
        using var cluster = EmbeddedCluster.Start();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = "g" }).Build();

        var client = ClientHandle.Of(consumer.Handle);

        Assert.Equal(consumer.Name, System.Runtime.InteropServices.Marshal.PtrToStringUTF8(Librdkafka.ClientName(client)));
    }

    private static List<ValidationResult> Errors(KafkaOptions options)
    {
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true);
        return errors;
    }
}
