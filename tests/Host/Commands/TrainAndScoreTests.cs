using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class TrainAndScoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Score_TrainedVersion_TellsAnomaliesAndKeepsBadRows()
    {
        var models = await Train();
        var data = _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,0.5,1,up,0\n0.5,0.5,9,up,0\n1,2\n0.5,wrong,1,up,0\n-0.5,-0.5,-1,down,0\n");

        var run = await CommandRun.Of("score", "--model", models, "--data", data, "--top", "2");

        Assert.True(run.ExitCode == 0, run.Error);
        var lines = run.OutputLines.Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal([1, 2, 3, 4, 5], lines.Select(l => (int)l["row"]!));
        Assert.Equal(["normal", "anomaly", "error", "error", "normal"], lines.Select(l => (string)l["verdict"]!));
        Assert.True((double)lines[1]["ratio"]! > 1);
        Assert.Equal(2, lines[1]["features"]!.AsArray().Count);
        Assert.Equal("malformed", (string)lines[2]["error"]!);
        Assert.Equal(4, (int)lines[2]["line"]!);
        Assert.Equal("wrong_type", (string)lines[3]["error"]!);
        Assert.Equal("y", (string)lines[3]["field"]!);
        Assert.Contains($"bad row: {data} line 4: expected 5 cells as in the header, found 2", run.ErrorLines);
        Assert.Matches(@"new\.csv: 3 rows scored by train version \S+, 1 anomalies, 2 bad rows$", run.ErrorLines[^1]);
    }

    [Fact]
    public async Task Score_RowsThatLackFields_AreJudgedByTheOthersOrNotAtAll()
    {
        var models = await Train();
        var data = _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,0.5,1,up,0\n,0.5,1,up,0\n0.5,0.5,1,,0\n,0.5,9,up,0\n,,,,0\n");

        var run = await CommandRun.Of("score", "--model", models, "--data", data);
        var imputed = await CommandRun.Of("impute", "--model", models, "--data", data);

        Assert.True(run.ExitCode == 0, run.Error);
        var lines = run.OutputLines.Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal(["normal", "normal", "normal", "anomaly", "unjudged"], lines.Select(l => (string)l["verdict"]!));
        Assert.Equal(["row", "verdict"], lines[4].AsObject().Select(property => property.Key));
        Assert.DoesNotContain("missing", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"new\.csv: 4 rows scored by train version \S+, 1 anomalies, 1 rows without any feature, 0 bad rows$", run.ErrorLines[^1]);
        Assert.Equal("unjudged", (string)JsonNode.Parse(imputed.OutputLines[4])!["verdict"]!);
        Assert.Equal(4, JsonNode.Parse(imputed.OutputLines[4])!["filled"]!.AsArray().Count);
    }

    [Fact]
    public async Task Score_StandardInput_GivesTheSameScores()
    {
        var models = await Train();
        var rows = GeneratedRows.Csv(50, seed: 11);

        var file = await CommandRun.Of("score", "--model", models, "--data", _folder.Write("rows.csv", rows), "--top", "0");
        var input = await CommandRun.With(rows, [], "score", "--model", models, "--data", "-", "--top", "0");

        Assert.Equal(50, file.OutputLines.Length);
        Assert.Equal(file.Output, input.Output);
        Assert.Null(JsonNode.Parse(file.OutputLines[0])!["features"]);
    }

    [Fact]
    public async Task Train_LabelledAnomalies_AreLeftOut()
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(1000));

        var run = await CommandRun.Of("train", "--data", data, "--out", _folder["models"], "--output", "json");

        Assert.True(run.ExitCode == 0, run.Error);
        var result = JsonNode.Parse(run.Output)!;
        Assert.Equal(900, (int)result["rows"]!);
        Assert.Equal(100, (int)result["labelled_rows_left_out"]!);
        Assert.True(File.Exists(_folder["models", "train", (string)result["version"]!, "manifest.json"]));
        Assert.Equal(0, (await CommandRun.Of("check", "--config", (string)result["config"]!)).ExitCode);
    }

    [Fact]
    public async Task Train_CrossDomain_KeepsTheGroupsInTheConfiguration()
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(1000));
        var models = _folder["models"];

        var run = await CommandRun.Of("train", "--data", data, "--out", models, "--variant", "cross-domain", "--first-fields", "x,kind");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("first_fields: [x, kind]", await File.ReadAllTextAsync(Path.Combine(models, "train.yaml")), StringComparison.Ordinal);
        var score = await CommandRun.Of("score", "--model", models, "--data", _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,0.5,1,up,0\n0.5,0.5,1,down,0\n"));
        Assert.True(score.ExitCode == 0, score.Error);
        var lines = score.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.True((double)lines[1]["score"]! > 2 * (double)lines[0]["score"]!, score.Output);
    }

    [Theory]
    [InlineData("--variant cross-domain", "model.first_fields: is missing")]
    [InlineData("--variant cross-domain --first-fields x,why", "--first-fields")]
    [InlineData("--variant cross-domain --first-fields x,y,z,kind", "takes every feature (x, y, z, kind)")]
    [InlineData("--first-fields x", "variant 'denoising' has no field groups")]
    public async Task Train_FieldGroupsThatAreNone_SaysWhatToDo(string words, string expected)
    {
        var run = await CommandRun.Of(["train", "--data", _folder.Write("train.csv", GeneratedRows.Csv(100)), "--out", _folder["models"], .. words.Split(' ')]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FolderThatCannotBeMade_SaysWhyAndLeavesNothing()
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(300));
        var inTheWay = _folder.Write("models", "a file where the folder should be");

        var run = await CommandRun.Of("train", "--data", data, "--out", inTheWay);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot be stored", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal("a file where the folder should be", await File.ReadAllTextAsync(inTheWay));
    }

    [Fact]
    public async Task Score_AlteredWeights_IsRefused()
    {
        var models = await Train();
        var weights = Directory.GetFiles(models, "weights.safetensors", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);

        var run = await CommandRun.Of("score", "--model", models, "--data", _folder.Write("rows.csv", GeneratedRows.Csv(5)));

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(weights, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("SHA-256", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OtherFields_NamesBothHashes()
    {
        var models = await Train();
        var config = Path.Combine(models, "train.yaml");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("name: x, kind: numeric", "name: x, kind: ignore", StringComparison.Ordinal));

        var run = await CommandRun.Of("score", "--model", models, "--data", _folder.Write("rows.csv", GeneratedRows.Csv(5)));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("was trained for the fields with hash", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_TwoVersions_AreListedShownAndRolledBack()
    {
        var models = await Train();
        await Train(seed: 2);
        var versions = JsonNode.Parse((await CommandRun.Of("models", "list", "--dir", models, "--output", "json")).Output)!.AsArray();
        var newest = (string)versions[0]!["version"]!;
        var older = (string)versions[1]!["version"]!;
        Assert.Equal([true, false], versions.Select(v => (bool)v!["current"]!));

        var table = await CommandRun.Of("models", "list", "--dir", models);
        Assert.Matches($@"^\*  train     {newest} ", table.OutputLines[1]);
        var shown = JsonNode.Parse((await CommandRun.Of("models", "show", "train", older, "--dir", models)).Output)!;
        Assert.Contains(older, shown.ToJsonString(), StringComparison.Ordinal);

        var rolledBack = await CommandRun.Of("models", "rollback", "train", "--dir", models);
        Assert.Equal(0, rolledBack.ExitCode);
        Assert.StartsWith($"train: version {older} is the current one in {models}.", rolledBack.Output, StringComparison.Ordinal);
        var scored = await CommandRun.Of("score", "--model", models, "--data", _folder.Write("rows.csv", GeneratedRows.Csv(5)), "--top", "0");
        Assert.Contains($"version {older}", scored.Error, StringComparison.Ordinal);

        var unknown = await CommandRun.Of("models", "rollback", "train", "20200101T000000Z-00000000", "--dir", models);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains(newest, Assert.Single(unknown.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> Train(int seed = 1)
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(1000, withAnomalies: false));
        var run = await CommandRun.Of("train", "--data", data, "--label", "label", "--out", _folder["models"], "--seed", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(run.ExitCode == 0, run.Error);
        return _folder["models"];
    }
}
