using System.Text.Json.Nodes;
using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Compose;

/// <summary>What compose.yaml mounts is there, and is taken by who reads it: the daemon, Prometheus, and the sample by the fields of the configuration.</summary>
public sealed class ComposeTests
{
    private static readonly string Folder = Path.Combine(TestEnvironment.RepositoryFolder, "deploy");

    private static readonly JsonObject Services = YamlNodes.Documents(File.ReadAllText(Path.Combine(Folder, "compose.yaml"))).Single()["services"]!.AsObject();

    [Fact]
    public void Files_ThatAreMounted_AreThere()
    {
        var mounted = Services.SelectMany(service => service.Value!["volumes"]?.AsArray().Select(volume => ((string)volume!).Split(':')[0]) ?? []).Where(source => source.StartsWith('.')).ToArray();

        Assert.Contains("../dashboards", mounted);
        Assert.All(mounted, source => Assert.True(Path.Exists(Path.Combine(Folder, source)), source));
        Assert.True(File.Exists(Path.Combine(Folder, (string)Services["aeanomaly"]!["build"]!["context"]!, (string)Services["aeanomaly"]!["build"]!["dockerfile"]!)));
    }

    [Fact]
    public void Configuration_OfTheDaemon_IsTakenAndFitsTheSample()
    {
        var warnings = new List<ConfigurationError>();
        var options = ConfigurationLoader.Load(Path.Combine(Folder, "aeanomaly.yaml"), new Dictionary<string, string>(), warn: warnings.Add, rules: DaemonRules.RequireBrokers);

        Assert.Empty(warnings);
        Assert.Equal("kafka:9092", options.Kafka.BootstrapServers);
        var replay = Services["replay"]!["command"]!.AsArray().Select(word => (string)word!).ToArray();
        Assert.Equal(options.Detectors[0].Topics[0], replay[Array.IndexOf(replay, "--topic") + 1]);
        using var sample = new StreamReader(new System.IO.Compression.GZipStream(
            File.OpenRead(Path.Combine(Folder, replay[Array.IndexOf(replay, "--data") + 1].TrimStart('/'))), System.IO.Compression.CompressionMode.Decompress));
        var columns = sample.ReadLine()!.Split(',');
        Assert.Subset(columns.ToHashSet(), options.Detectors[0].Fields.Select(field => field.Path ?? field.Name).ToHashSet());
        var rows = 0;
        while (sample.ReadLine() is not null)
            rows++;
        Assert.True(rows > options.Detectors[0].Training.MinRecords, $"{rows} rows are too few for a first model");
    }

    [RequiresToolFact("promtool")]
    public async Task Configuration_OfPrometheus_IsTakenWithTheRulesBesideIt()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules.yaml", await File.ReadAllTextAsync(Path.Combine(TestEnvironment.RepositoryFolder, "dashboards", "rules.yaml")));

        await ToolRun.OutputOfAsync("promtool", "check", "config", folder.Write("prometheus.yml", await File.ReadAllTextAsync(Path.Combine(Folder, "prometheus.yaml"))));
    }
}
