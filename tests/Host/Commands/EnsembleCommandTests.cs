using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Models.Variants;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class EnsembleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Train_EnsembleByName_KeepsItsMembersInTheConfiguration()
    {
        var models = _folder["models"];
        var run = await CommandRun.Of("train", "--data", _folder.Write("train.csv", GeneratedRows.Csv(600)), "--out", models, "--variant", "ensemble");

        Assert.True(run.ExitCode == 0, run.Error);
        var config = Path.Combine(models, "train.yaml");
        foreach (var member in new EnsembleOptions().Members)
            Assert.Contains($"{{ variant: {VariantCatalog.Describe(member).Name}", await File.ReadAllTextAsync(config), StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.Of("check", "--config", config)).ExitCode);
        var data = _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,0.5,1,up,0\n0.5,0.5,9,up,0\n");
        var score = await CommandRun.Of("score", "--model", models, "--data", data);
        Assert.True(score.ExitCode == 0, score.Error);
        Assert.Equal(["normal", "anomaly"], score.OutputLines.Select(line => (string)JsonNode.Parse(line)!["verdict"]!));
        Assert.Equal("z", (string)JsonNode.Parse(score.OutputLines[1])!["features"]![0]!["name"]!);
    }

    [RequiresDataFact("tabular")]
    public async Task Evaluate_OpenSets_RanksBetterThanTheMeanMember()
    {
        var (whole, parts) = (new List<double>(), new List<double>());
        foreach (var set in new[] { "cardio", "annthyroid", "optdigits" })
        {
            whole.Add(await Evaluate(set, "ensemble"));
            foreach (var member in new EnsembleOptions().Members)
                parts.Add(await Evaluate(set, VariantCatalog.Describe(member).Name));
        }

        Assert.True(whole.Average() > parts.Average(), $"Average precision of the ensembles {string.Join(", ", whole)}, of the members {string.Join(", ", parts)}.");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<double> Evaluate(string set, string variant)
    {
        var folder = Path.Combine(TestEnvironment.DataFolder!, "tabular");
        var run = await CommandRun.Of(
            "evaluate", "--data", Path.Combine(folder, set + ".csv.gz"), "--label", "label", "--variant", variant,
            "--split", Path.Combine(folder, "splits", set + ".txt.gz") + ":0", "--output", "json");
        Assert.True(run.ExitCode == 0, run.Error);
        return (double)JsonNode.Parse(run.Output)!["auc_pr"]!;
    }
}
