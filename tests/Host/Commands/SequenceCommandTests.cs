using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class SequenceCommandTests : IDisposable
{
    private const int Period = 12;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Variants =>
        [.. VariantCatalog.All.Where(variant => variant.OptionsType.IsSubclassOf(typeof(SequenceOptions))).Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task TrainScoreAndEvaluate_EverySequenceVariant_WorksByItsName(string variant)
    {
        var data = _folder.Write("waves.csv", Csv(shuffled: false));
        var config = _folder.Write(
            "waves.yaml",
            $$"""
            kafka: {bootstrap_servers: "localhost:9092"}
            models: {directory: "{{Path.Combine(_folder.Path, "models")}}"}
            detectors:
              - name: waves
                topics: [waves]
                model: {variant: {{variant}}, window: 12, hidden: [24]}
                fit: {max_steps: 500, batch_size: 64, learning_rate: 0.003}
                fields:
                  - {name: step, kind: ignore}
                  - {name: part, kind: ignore}
                  - {name: machine, kind: key}
                  - {name: load, kind: numeric}
                  - {name: label, kind: label}
            """);

        var train = await CommandRun.Of("train", "--data", data, "--config", config);
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Contains(variant, train.Output, StringComparison.Ordinal);

        var score = await CommandRun.Of("score", "--data", data, "--config", config, "--top", "0");
        Assert.True(score.ExitCode == 0, score.Error);
        var lines = score.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(22, lines.Count(line => (string)line["verdict"]! == "warming"));
        Assert.All(lines[22..], line => Assert.True((double)line["score"]! >= 0));

        var evaluate = await CommandRun.Of("evaluate", "--data", data, "--config", config, "--train-where", "part=train", "--output", "json");
        Assert.True(evaluate.ExitCode == 0, evaluate.Error);
        var found = JsonNode.Parse(Assert.Single(evaluate.OutputLines))!;
        Assert.Equal((variant, 500), ((string)found["variant"]!, (int)found["steps"]!));
        Assert.InRange((double)found["auc_roc"]!, 0.8, 1);
    }

    [Fact]
    public async Task Evaluate_FallingStretches_AreFoundByWindowsOnly()
    {
        // The rows lie in the file in another order than in time.
        var data = _folder.Write("waves.csv", Csv(shuffled: true));
        string[] common = ["evaluate", "--data", data, "--label", "label", "--train-where", "part=train", "--output", "json"];

        var windows = await CommandRun.Of([.. common, "--variant", "conv", "--window", "12", "--key", "machine", "--time-field", "step", "--report", Path.Combine(_folder.Path, "r.html")]);
        var single = await CommandRun.Of([.. common, "--variant", "ae", "--drop", "machine", "--drop", "step"]);

        Assert.True(windows.ExitCode == 0, windows.Error);
        var found = JsonNode.Parse(Assert.Single(windows.OutputLines))!;
        Assert.Equal(1, (int)found["features"]!);
        Assert.Equal(2 * 600, (int)found["train_rows"]!);
        Assert.Equal(2 * 11, (int)found["warming_rows"]!);
        Assert.Equal(2 * (480 - 11), (int)found["test_rows"]!);

        // Not 1: a window that reaches back into a stretch is off as well, though its last record is normal again.
        Assert.InRange((double)found["auc_roc"]!, 0.85, 1);
        Assert.True(single.ExitCode == 0, single.Error);
        Assert.InRange((double)JsonNode.Parse(single.Output)!["auc_roc"]!, 0.3, 0.7);
        Assert.Contains("was expected", File.ReadAllText(Path.Combine(_folder.Path, "r.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WindowModel_SaysWhichRowsWereWarming()
    {
        var data = _folder.Write("waves.csv", Csv(shuffled: false));
        var models = Path.Combine(_folder.Path, "models");

        var train = await CommandRun.Of("train", "--data", data, "--out", models, "--variant", "conv", "--window", "12", "--key", "machine", "--label", "label", "--drop", "part", "--drop", "step");
        Assert.True(train.ExitCode == 0, train.Error);
        var score = await CommandRun.Of("score", "--data", data, "--model", models);

        Assert.True(score.ExitCode == 0, score.Error);
        var lines = score.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(2160, lines.Length);
        Assert.Equal(Enumerable.Range(1, 22), lines.Where(line => (string)line["verdict"]! == "warming").Select(line => (int)line["row"]!));
        Assert.All(lines[..22], line => Assert.Null(line["score"]));
        Assert.NotEmpty((string)lines[22]["why"]!);
        Assert.Contains("22 rows before their window was full", score.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_LabelledRowsLeftOut_NoWindowClosesOverTheirGap()
    {
        // Between two labelled rows lie eleven others: no stretch is as long as a window.
        var data = _folder.Write("gaps.csv", "step,load,label\n" + string.Join('\n', Enumerable.Range(0, 300).Select(step =>
            string.Create(CultureInfo.InvariantCulture, $"{step},{(step % Period) + (0.1 * Math.Sin(step * 12.9898)):R},{(step % 12 == 7 ? 1 : 0)}"))) + "\n");
        var run = await CommandRun.Of("train", "--data", data, "--out", Path.Combine(_folder.Path, "models"), "--variant", "conv", "--window", "12", "--label", "label", "--drop", "step");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("275 records hold 0 windows of 12 records of one partition; at least 20 are needed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_TrainingRowsBetweenTheTestRows_NoWindowClosesOverThem()
    {
        // Stretches of 40 rows to learn from and 20 to test, in turn.
        var data = _folder.Write("turns.csv", "part,load,label\n" + string.Join('\n', Enumerable.Range(0, 480).Select(step =>
            string.Create(CultureInfo.InvariantCulture, $"{(step % 60 < 40 ? "train" : "test")},{(step % Period) + (0.1 * Math.Sin(step * 12.9898)):R},{(step % 60 == 56 ? 1 : 0)}"))) + "\n");
        var config = _folder.Write("turns.yaml", """
            kafka: {bootstrap_servers: "localhost:9092"}
            detectors:
              - name: turns
                topics: [turns]
                fields: [{name: part, kind: ignore}, {name: load}, {name: label, kind: label}]
                model: {variant: conv, window: 12}
                fit: {max_steps: 60}
            """);
        var run = await CommandRun.Of("evaluate", "--data", data, "--config", config, "--train-where", "part=train", "--output", "json", "--report", Path.Combine(_folder.Path, "r.html"));

        Assert.True(run.ExitCode == 0, run.Error);
        var found = JsonNode.Parse(Assert.Single(run.OutputLines))!;
        Assert.Equal(8 * 11, (int)found["warming_rows"]!);
        Assert.Equal(8 * (20 - 11), (int)found["test_rows"]!);
    }

    [Theory]
    [InlineData("--window 12", "variant 'denoising' reads single records; windows are read by conv, recurrent, td-vae")]
    [InlineData("--variant conv --window 1", "--window: found '1'; expected a whole number from 2 to 1024")]
    [InlineData("--variant conv", "--train-where COL=VALUE, --split FILE:K or --protocol unsupervised")]
    [InlineData("--train-where part", "--train-where: found 'part'; expected COL=VALUE")]
    [InlineData("--train-where part=train --protocol unsupervised", "leave --split and --protocol unsupervised out")]
    [InlineData("--train-where parts=train", "did you mean 'part'?")]
    [InlineData("--train-where part=all", "takes no row; training and testing need some each. The column holds test, train")]
    [InlineData("--time-field missing", "--time-field")]
    public async Task Evaluate_WrongWords_SaysWhatToDo(string words, string expected)
    {
        var data = _folder.Write("waves.csv", Csv(shuffled: false));
        var run = await CommandRun.Of(["evaluate", "--data", data, "--label", "label", .. words.Split(' ')]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // Two machines that climb and fall back; in the test part each of them falls slowly instead, a period long, again and again.
    private static string Csv(bool shuffled)
    {
        var random = new Random(5);
        var lines = new List<string>();
        for (var step = 0; step < 1080; step++)
        {
            for (var machine = 0; machine < 2; machine++)
            {
                var phase = (step + (machine * 5)) % Period;
                var isAnomaly = step >= 600 && (step - 600 + (machine * 5)) / Period % 6 == 4;
                var load = (isAnomaly ? Period - 1 - phase : phase) + (0.1 * random.NextDouble());
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{step},{(step < 600 ? "train" : "test")},m{machine},{load:R},{(isAnomaly ? 1 : 0)}"));
            }
        }

        if (shuffled)
        {
            var order = lines.ToArray();
            random.Shuffle(order);
            lines = [.. order];
        }

        return new StringBuilder("step,part,machine,load,label\n").AppendJoin('\n', lines).Append('\n').ToString();
    }
}
