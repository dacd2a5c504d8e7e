using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

/// <summary><c>train --init-from</c>.</summary>
public sealed class InitFromTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Train_RelatedTable_TakesOverTheFieldsThatMatch()
    {
        var models = await Train("vae");

        // Another table: no y, and the columns in another order.
        var lines = GeneratedRows.Csv(300, withAnomalies: false, seed: 9).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','));
        var data = _folder.Write("other.csv", string.Join('\n', lines.Select((cells, i) => $"{cells[3]},{cells[2]},{cells[0]},{(i == 0 ? "w" : (i * 0.618 % 1).ToString("R", System.Globalization.CultureInfo.InvariantCulture))}")) + "\n");
        var version = Path.GetFileName(Directory.GetDirectories(Path.Combine(models, "train")).Single());

        var text = await CommandRun.Of("train", "--data", data, "--out", _folder["others"], "--init-from", models);
        var json = await CommandRun.Of("train", "--data", data, "--out", _folder["others"], "--init-from", Path.Combine(models, "train", version), "--output", "json");

        // kind has three features: up, down and unseen; w is new.
        Assert.True(text.ExitCode == 0, text.Error);
        Assert.Matches($@"^reused 5 of 6 features' input weights and 6 of 6 layers of train version {version}$", text.OutputLines[1]);
        Assert.StartsWith("trained other version", text.OutputLines[0], StringComparison.Ordinal);
        Assert.Contains(": vae, ", text.OutputLines[0], StringComparison.Ordinal);
        var report = JsonNode.Parse(json.Output)!["init_from"]!;
        Assert.Equal((5, 6, 6, 6), ((int)report["features_reused"]!, (int)report["features"]!, (int)report["layers_reused"]!, (int)report["layers"]!));
        Assert.Equal(version, (string)report["version"]!);
    }

    [Fact]
    public async Task Train_AnotherVariant_NamesBoth()
    {
        var models = await Train("vae");
        var data = _folder.Write("other.csv", GeneratedRows.Csv(300, withAnomalies: false, seed: 9));

        var run = await CommandRun.Of("train", "--data", data, "--label", "label", "--out", _folder["others"], "--init-from", models, "--variant", "ae");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is of variant vae, the one to train of ae", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["others"]));
    }

    [Fact]
    public async Task Train_PathWithoutVersion_SaysWhatToName()
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(100, withAnomalies: false));
        Directory.CreateDirectory(_folder["empty"]);

        var nowhere = await CommandRun.Of("train", "--data", data, "--out", _folder["m"], "--init-from", "/nowhere");
        var empty = await CommandRun.Of("train", "--data", data, "--out", _folder["m"], "--init-from", _folder["empty"]);

        Assert.Equal(1, nowhere.ExitCode);
        Assert.Contains("--init-from /nowhere: there is no such folder", Assert.Single(nowhere.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(1, empty.ExitCode);
        Assert.Contains("no version is stored there", Assert.Single(empty.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> Train(string variant)
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(500, withAnomalies: false));
        var run = await CommandRun.Of("train", "--data", data, "--label", "label", "--out", _folder["models"], "--variant", variant);
        Assert.True(run.ExitCode == 0, run.Error);
        return _folder["models"];
    }
}
