using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class BrokerAddressesTests
{
    private const string Expected = "expected HOST:PORT, several with commas";

    [Theory]
    [InlineData("kafka://localhost:9092", $"found 'kafka://localhost:9092'; {Expected}, without a scheme. How brokers are spoken to is the property security.protocol")]
    [InlineData("a:1,PLAINTEXT://b:9092", $"found 'PLAINTEXT://b:9092'; {Expected}, without a scheme. How brokers are spoken to is the property security.protocol")]
    [InlineData("SASL_SSL://b:9092", $"found 'SASL_SSL://b:9092'; {Expected}, without a scheme. How brokers are spoken to is the property security.protocol")]
    [InlineData("://b:9092", $"found '://b:9092'; {Expected}, without ://. How brokers are spoken to is the property security.protocol")]
    [InlineData("localhost:0", "found 'localhost:0'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost:65536", "found 'localhost:65536'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost:99999", "found 'localhost:99999'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost:-1", "found 'localhost:-1'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost:9092/", "found 'localhost:9092/'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost:", "found 'localhost:'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost:kafka", "found 'localhost:kafka'; expected a port from 1 to 65535 after the last colon")]
    [InlineData("localhost", $"found 'localhost', without a port; {Expected}, as in localhost:9092")]
    [InlineData("[::1]", $"found '[::1]', without a port; {Expected}, as in [::1]:9092")]
    [InlineData(":9092", $"found ':9092', without a host; {Expected}")]
    [InlineData("a:1,,b:2", $"entry 2 of 3 is empty; {Expected}")]
    [InlineData("a:1,", $"entry 2 of 2 is empty; {Expected}")]
    [InlineData(",a:1", $"entry 1 of 2 is empty; {Expected}")]
    [InlineData("  ", $"found blanks; {Expected}")]
    [InlineData("a:1 b:2", $"found 'a:1 b:2'; {Expected}: neither blanks nor semicolons")]
    [InlineData("a:1;b:2", $"found 'a:1;b:2'; {Expected}: neither blanks nor semicolons")]
    [InlineData("local host:9092", $"found 'local host:9092'; {Expected}: neither blanks nor semicolons")]
    [InlineData("a/b:9092", $"found 'a/b:9092'; {Expected}: a host is letters, digits, '.', '-' and '_'")]
    [InlineData("\"a\":9092", $"found '\"a\":9092'; {Expected}: a host is letters, digits, '.', '-' and '_'")]
    [InlineData("::1:9092", "found '::1:9092'; an IPv6 address stands in brackets, as in [::1]:9092")]
    [InlineData("a:1:2", "found 'a:1:2'; an IPv6 address stands in brackets, as in [::1]:9092")]
    [InlineData("[::1:9092", "found '[::1:9092'; an IPv6 address stands in brackets, as in [::1]:9092")]
    public void Problem_NoBroker_NamesTheEntry(string servers, string expected) => Assert.Equal(expected, BrokerAddresses.Problem(servers));

    [Theory]
    [InlineData("user:hunter2@broker:9092", "found '…@broker:9092'")]
    [InlineData("kafka://user:hunter2@broker:9092", "found 'kafka://…@broker:9092'")]
    public void Problem_UserAndPassword_AreNotShown(string servers, string expected)
    {
        var problem = BrokerAddresses.Problem(servers)!;

        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:9092")]
    [InlineData("a.example:1,b-2.example:65535")]
    [InlineData("a:1, b:2")]
    [InlineData(" a:1 ")]
    [InlineData("my_broker:9092")]
    [InlineData("10.0.0.1:9092")]
    [InlineData("[::1]:9092")]
    [InlineData("[fe80::1%eth0]:9092,a:1")]
    public void Problem_Brokers_IsNull(string servers) => Assert.Null(BrokerAddresses.Problem(servers));
}
