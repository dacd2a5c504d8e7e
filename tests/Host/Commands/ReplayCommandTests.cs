using AEAnomaly.Detection.Records;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Ingest.Embedded;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCluster _cluster = EmbeddedCluster.Start();

    [Fact]
    public async Task Replay_FileIntoATopic_IsWhatInitThenFinds()
    {
        _cluster.CreateTopic("rows", 2);
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(300));

        var replayed = await CommandRun.Of("replay", "--data", data, "--topic", "rows", "--bootstrap", _cluster.BootstrapServers);
        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.StartsWith($"{data}: 300 of 300 records are in topic rows at {_cluster.BootstrapServers}, ", replayed.Output, StringComparison.Ordinal);

        var run = await CommandRun.Of("init", "--topic", "rows", "--bootstrap", _cluster.BootstrapServers, "--out", "-");
        Assert.True(run.ExitCode == 0, run.Error);
        var options = ConfigurationLoader.LoadText(run.Output, "standard output", new Dictionary<string, string>());
        Assert.Equal(_cluster.BootstrapServers, options.Kafka.BootstrapServers);
        Assert.Equal(["rows"], options.Detectors[0].Topics);
        Assert.Equal(
            [FieldKind.Numeric, FieldKind.Numeric, FieldKind.Numeric, FieldKind.Categorical, FieldKind.Label],
            options.Detectors[0].Fields.Select(f => f.Kind));
    }

    [Fact]
    public async Task Replay_BadRow_StopsThereAndSaysHowManyArrived()
    {
        _cluster.CreateTopic("bad", 1);
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(20) + "1,2\n");

        var run = await CommandRun.Of("replay", "--data", data, "--topic", "bad", "--bootstrap", _cluster.BootstrapServers);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{data}: 20 of 20 records are in topic bad", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{data} line 22", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    public async Task Replay_RateThatIsNone_IsRefused(string rate)
    {
        var run = await CommandRun.Of("replay", "--data", "x.csv", "--topic", "t", "--rate", rate);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"aeanomaly replay: --rate: found '{rate}'; expected a number of records a second above 0.", run.ErrorLines[0]);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _folder.Dispose();
    }
}
