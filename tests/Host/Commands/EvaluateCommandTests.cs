using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("ae")]
    [InlineData("vae")]
    public async Task Evaluate_RowsWithAKnownAnswer_FindsThem(string variant)
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(2000));

        var run = await CommandRun.Of("evaluate", "--data", data, "--label", "label", "--variant", variant, "--seed", "3", "--output", "json");

        Assert.True(run.ExitCode == 0, run.Error);
        var result = JsonNode.Parse(Assert.Single(run.OutputLines))!;
        Assert.Equal(2000, (int)result["rows"]!);
        Assert.Equal(4, (int)result["features"]!);
        Assert.Equal(200, (int)result["anomalies"]!);
        Assert.Equal(variant, (string)result["variant"]!);
        Assert.Equal(3, (int)result["seed"]!);
        Assert.Equal(900, (int)result["train_rows"]!);
        Assert.Equal(1100, (int)result["test_rows"]!);
        Assert.InRange((double)result["auc_roc"]!, 0.98, 1);
        Assert.InRange((double)result["auc_pr"]!, 0.9, 1);
        Assert.InRange((double)result["recall"]!, 0.5, 1);
        Assert.InRange((double)result["false_positive_rate"]!, 0, 0.05);
        var precision = (double)result["precision"]!;
        var recall = (double)result["recall"]!;
        Assert.Equal(2 * precision * recall / (precision + recall), (double)result["f1"]!, 1e-9);
        Assert.Equal((int)result["true_positives"]!, Math.Round(recall * 200));
        Assert.True((double)result["threshold"]! > 0);
        Assert.True((double)result["fit_seconds"]! > 0);
        Assert.True((double)result["score_rows_per_second"]! > 0);
    }

    [Fact]
    public async Task Evaluate_SmallTable_IsJudgedAndSaysHowSureItIs()
    {
        // 61 normal rows, of which half are trained on.
        var data = _folder.Write("small.csv", GeneratedRows.Csv(67));

        var text = await CommandRun.Of("evaluate", "--data", data, "--label", "label");
        var json = await CommandRun.Of("evaluate", "--data", data, "--label", "label", "--output", "json");

        Assert.True(text.ExitCode == 0, text.Error);
        Assert.Contains("from 10 held-out scores only: up to 26 % of normal records may be flagged (95 % confidence); more records make it surer", text.Output, StringComparison.Ordinal);
        var result = JsonNode.Parse(json.Output)!;
        Assert.Equal(61, (int)result["rows"]! - (int)result["anomalies"]!);
        Assert.Equal(10, (int)result["held_out_scores"]!);
        Assert.Equal(0.258866, (double)result["alarm_rate_at_most"]!);
    }

    [Fact]
    public async Task Train_SmallTable_SaysHowSureItIs()
    {
        var data = _folder.Write("small.csv", GeneratedRows.Csv(40, withAnomalies: false));

        var text = await CommandRun.Of("train", "--data", data, "--out", _folder["models"]);
        var json = await CommandRun.Of("train", "--data", data, "--out", _folder["models"], "--output", "json");

        Assert.True(text.ExitCode == 0, text.Error);
        Assert.Contains("from 10 held-out scores only: up to 26 % of normal records may be flagged (95 % confidence)", text.Output, StringComparison.Ordinal);
        Assert.Equal(10, (int)JsonNode.Parse(json.Output)!["held_out_scores"]!);
    }

    [Fact]
    public async Task Evaluate_SameSeed_GivesTheSameFigures()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(600));
        string[] arguments = ["evaluate", "--data", data, "--seed", "5", "--output", "json"];

        var first = JsonNode.Parse((await CommandRun.Of(arguments)).Output)!;
        var second = JsonNode.Parse((await CommandRun.Of(arguments)).Output)!;

        foreach (var key in new[] { "auc_roc", "auc_pr", "threshold", "precision", "recall" })
            Assert.Equal((double)first[key]!, (double)second[key]!);
    }

    [Fact]
    public async Task Evaluate_ScoresFile_HoldsWhatTheFiguresWereMeasuredOn()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(600));
        var file = Path.Combine(_folder.Path, "scores.csv");

        var run = await CommandRun.Of("evaluate", "--data", data, "--write-scores", file, "--output", "json");

        Assert.True(run.ExitCode == 0, run.Error);
        var result = JsonNode.Parse(run.Output)!;
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal("row,label,score", lines[0]);
        var rows = lines[1..].Select(line => line.Split(',')).ToArray();
        Assert.Equal((int)result["test_rows"]!, rows.Length);
        Assert.All(rows, row => Assert.Equal(int.Parse(row[0], CultureInfo.InvariantCulture) % 10 == 0 ? "1" : "0", row[1]));
        var threshold = (double)result["threshold"]!;
        var flagged = rows.Where(row => float.Parse(row[2], CultureInfo.InvariantCulture) > threshold).ToArray();
        Assert.Equal((int)result["true_positives"]!, flagged.Count(row => row[1] == "1"));
        Assert.Equal((int)result["false_positives"]!, flagged.Count(row => row[1] == "0"));
    }

    [Fact]
    public async Task Evaluate_Unsupervised_TrainsAndTestsOnAllRows()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(600));

        var result = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", data, "--protocol", "unsupervised", "--output", "json")).Output)!;

        Assert.Equal(600, (int)result["train_rows"]!);
        Assert.Equal(600, (int)result["test_rows"]!);
    }

    [Fact]
    public async Task Evaluate_TestRowsThatChange_DoNotChangeWhatIsLearned()
    {
        // The threshold comes from the training rows alone, so anomalies a thousand times as far away must not move it.
        var near = GeneratedRows.Csv(400);
        var far = string.Join('\n', near.Split('\n').Select(line => line.EndsWith(",1", StringComparison.Ordinal) ? "1000,-1000,5000,up,1" : line));

        var a = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", _folder.Write("a.csv", near), "--output", "json")).Output)!;
        var b = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", _folder.Write("b.csv", far), "--output", "json")).Output)!;

        Assert.Equal((double)a["threshold"]!, (double)b["threshold"]!);
    }

    [Fact]
    public async Task Evaluate_DroppedColumns_AreNoFeatures()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(300));

        var result = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", data, "--drop", "kind", "--drop", "y", "--output", "json")).Output)!;

        Assert.Equal(2, (int)result["features"]!);
        var wrong = await CommandRun.Of("evaluate", "--data", data, "--drop", "knd");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--drop: " + data + " has no column 'knd'; did you mean 'kind'?", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "normal")]
    [InlineData("neptune", "anomalies")]
    public async Task Evaluate_ConstantLabel_SaysSo(string label, string kind)
    {
        var rows = string.Join('\n', GeneratedRows.Csv(60).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l[..^1] + label));
        var data = _folder.Write("rows.csv", GeneratedRows.Header + "\n" + rows + "\n");

        var run = await CommandRun.Of("evaluate", "--data", data, "--label", "label");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"aeanomaly evaluate: {data}: the label column 'label' is constant: all 60 rows are {kind}. Measuring needs both. Its values: '{label}' 60. "
            + "0, false, no, normal, benign, good, healthy, ok and nothing mean normal, anything else an anomaly; "
            + $"say otherwise with --label-normal {label}, or with normal: [{label}] in the field's declaration.",
            Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Evaluate_NoLabel_AsksForIt()
    {
        var data = _folder.Write("rows.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i % 7}.5,{i % 5}.5\n")));

        var run = await CommandRun.Of("evaluate", "--data", data);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"aeanomaly evaluate: {data}: no column is the label; name it with --label COL. It has a, b.", run.ErrorLines[0]);
    }

    [Fact]
    public async Task Evaluate_QuotesAndCrlf_GiveTheFiguresOfPlainRows()
    {
        var plain = GeneratedRows.Csv(400);
        var quoted = string.Join("\r\n", plain.Split('\n').Select(line => line.Length == 0 ? "" : string.Join(',', line.Split(',').Select(cell => $"\"{cell}\""))));

        var a = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", _folder.Write("a.csv", plain), "--output", "json")).Output)!;
        var b = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", _folder.Write("b.csv", quoted), "--output", "json")).Output)!;

        Assert.Equal((double)a["auc_pr"]!, (double)b["auc_pr"]!);
        Assert.Equal((double)a["threshold"]!, (double)b["threshold"]!);
    }

    [Fact]
    public async Task Evaluate_RaggedRow_StopsWithItsLineOrSkipsIt()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(400) + "1,2\n");

        var stopped = await CommandRun.Of("evaluate", "--data", data);
        Assert.Equal(1, stopped.ExitCode);
        Assert.Equal($"aeanomaly evaluate: {data} line 402: expected 5 cells as in the header, found 2. (--skip-bad-rows leaves such rows out and counts them.)", Assert.Single(stopped.ErrorLines));

        var skipped = await CommandRun.Of("evaluate", "--data", data, "--skip-bad-rows", "--output", "json");
        Assert.Equal(0, skipped.ExitCode);
        Assert.Equal($"left out: {data} line 402: expected 5 cells as in the header, found 2", Assert.Single(skipped.ErrorLines));
        Assert.Equal(400, (int)JsonNode.Parse(skipped.Output)!["rows"]!);
    }

    [Fact]
    public async Task Evaluate_ConfiguredDetector_TakesItsFields()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(400));
        var config = _folder.Write(
            "c.yaml",
            "kafka: {bootstrap_servers: 'localhost:9092'}\ndetectors:\n  - {name: one, topics: [t], fields: [{name: x, kind: numeric}, {name: height, path: z, kind: numeric}, {name: label, kind: label}], fit: {seed: 9}}\n");

        var result = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", data, "--config", config, "--output", "json")).Output)!;

        Assert.Equal(2, (int)result["features"]!);
        Assert.Equal(9, (int)result["seed"]!);
        var wrong = await CommandRun.Of("evaluate", "--data", data, "--config", config, "--detector", "on");
        Assert.Equal(2, wrong.ExitCode);
        Assert.StartsWith($"aeanomaly evaluate: {config} has no detector 'on'; did you mean 'one'?", wrong.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_SplitFile_DecidesTheRows()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(400));
        var split = _folder.Write("split.txt", "# first digit: all rows, second: the first 200 normal ones\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"1{(i < 200 && i % 10 != 9 ? 1 : 0)}\n")));

        var result = JsonNode.Parse((await CommandRun.Of("evaluate", "--data", data, "--split", split + ":1", "--output", "json")).Output)!;

        Assert.Equal(180, (int)result["train_rows"]!);
        Assert.Equal(220, (int)result["test_rows"]!);
        Assert.Equal(40, (int)result["test_anomalies"]!);
        Assert.Contains("has 2 digits", (await CommandRun.Of("evaluate", "--data", data, "--split", split + ":2")).Error, StringComparison.Ordinal);
        var wrong = await CommandRun.Of("evaluate", "--data", data, "--split", split);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Equal($"aeanomaly evaluate: --split: found '{split}'; expected FILE:K, K being the number of a digit from 0.", wrong.ErrorLines[0]);
    }

    [Fact]
    public async Task Evaluate_ReportThatCannotBeWritten_SaysWhy()
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(300));

        var run = await CommandRun.Of("evaluate", "--data", data, "--report", _folder["no", "such", "report.html"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("report.html: cannot be written: ", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
