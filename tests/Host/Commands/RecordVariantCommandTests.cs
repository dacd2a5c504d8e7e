using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

/// <summary>Every variant that judges single records, by its name through the commands on files.</summary>
public sealed class RecordVariantCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Variants =>
        [.. VariantCatalog.All.Where(variant => !variant.OptionsType.IsSubclassOf(typeof(SequenceOptions))).Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task TrainScoreAndEvaluate_EveryRecordVariant_WorksByItsName(string variant)
    {
        var models = _folder["models"];
        string[] chosen = variant == "cross-domain" ? ["--variant", variant, "--first-fields", "z"] : ["--variant", variant];

        var train = await CommandRun.Of(["train", "--data", _folder.Write("train.csv", GeneratedRows.Csv(600)), "--out", models, "--label", "label", .. chosen]);
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Contains(variant, train.Output, StringComparison.Ordinal);

        var score = await CommandRun.Of("score", "--model", models, "--data", _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,0.5,1,up,0\n0.5,0.5,9,up,0\n"));
        Assert.True(score.ExitCode == 0, score.Error);
        var lines = score.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal("anomaly", (string)lines[1]["verdict"]!);
        Assert.True((double)lines[1]["score"]! > (double)lines[0]["score"]! && (double)lines[0]["score"]! >= 0);

        var evaluate = await CommandRun.Of(["evaluate", "--data", _folder.Write("all.csv", GeneratedRows.Csv(600)), "--label", "label", "--output", "json", .. chosen]);
        Assert.True(evaluate.ExitCode == 0, evaluate.Error);
        var found = JsonNode.Parse(Assert.Single(evaluate.OutputLines))!;
        Assert.Equal(variant, (string)found["variant"]!);
        Assert.InRange((double)found["auc_roc"]!, 0.8, 1);
    }

    public void Dispose() => _folder.Dispose();
}
