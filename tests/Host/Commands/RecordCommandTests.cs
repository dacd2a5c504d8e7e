using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

/// <summary><c>embed</c>, <c>denoise</c> and <c>impute</c>.</summary>
public sealed class RecordCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Embed_Rows_GivesVectorsOfOneWidthAndKeepsBadRows()
    {
        var models = await Train("ae");
        var data = _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,0.5,1,up,0\n1,2\n-0.5,-0.5,-1,down,0\n0.5,0.5,1,up,0\n");

        var json = await CommandRun.Of("embed", data, "--model", models);
        var csv = await CommandRun.Of("embed", "--data", data, "--model", models, "--output", "csv");

        Assert.True(json.ExitCode == 0, json.Error);
        var lines = json.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal([1, 2, 3, 4], lines.Select(line => (int)line["row"]!));
        Assert.Equal(["normal", "error", "normal", "normal"], lines.Select(line => (string)line["verdict"]!));
        Assert.Equal(2, lines[0]["latent"]!.AsArray().Count);
        Assert.Equal(lines[0]["latent"]!.ToJsonString(), lines[3]["latent"]!.ToJsonString());
        Assert.NotEqual(lines[0]["latent"]!.ToJsonString(), lines[2]["latent"]!.ToJsonString());
        Assert.Null(lines[0]["record"]);
        Assert.Matches(@"new\.csv: 3 rows embedded by train version \S+, 1 bad rows$", json.ErrorLines[^1]);

        Assert.Equal("row,score,ratio,verdict,latent_1,latent_2", csv.OutputLines[0]);
        Assert.Equal(["1", "3", "4"], csv.OutputLines[1..].Select(line => line.Split(',')[0]));
        Assert.Equal((float)lines[0]["latent"]![1]!, float.Parse(csv.OutputLines[1].Split(',')[5], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Denoise_RowsWithOneFieldOff_GivesBackWhatBelongsThere()
    {
        var models = await Train("masked");
        var data = _folder.Write("new.csv", GeneratedRows.Header + "\n1,1,9,up,0\n-1,-1,-2,up,0\n");

        var run = await CommandRun.Of("denoise", data, "--model", models, "--keep", "label");
        var scored = await CommandRun.Of("score", "--data", data, "--model", models, "--top", "0");

        Assert.True(run.ExitCode == 0, run.Error);
        var lines = run.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(2, (double)lines[0]["record"]!["z"]!, 0.5);
        Assert.Equal("down", (string)lines[1]["record"]!["kind"]!);
        Assert.Equal("0", (string)lines[1]["record"]!["label"]!);
        var scores = scored.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((float)scores[i]["score"]!, (float)lines[i]["score"]!);
            Assert.Equal((string)scores[i]["verdict"]!, (string)lines[i]["verdict"]!);
        }
    }

    [Fact]
    public async Task Impute_MissingCells_AreFilledAndTheOthersStayAsTheyAre()
    {
        var models = await Train("masked");
        var rows = GeneratedRows.Csv(300, withAnomalies: false, seed: 12).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..].Select(line => line.Split(',')).ToArray();
        var holed = new StringBuilder(GeneratedRows.Header).Append('\n');
        foreach (var row in rows)
            holed.AppendJoin(',', [row[0], row[1], "", row[3], row[4]]).Append('\n');

        var run = await CommandRun.Of("impute", _folder.Write("holed.csv", holed.ToString()), "--model", models, "--output", "csv");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("row,x,y,z,kind,score,ratio,verdict,filled", run.OutputLines[0]);
        var (error, spread) = (0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            var cells = run.OutputLines[i + 1].Split(',');
            Assert.Equal([rows[i][0], rows[i][1], rows[i][3]], [cells[1], cells[2], cells[4]]);
            Assert.Equal("z", cells[8]);
            var truth = double.Parse(rows[i][2], CultureInfo.InvariantCulture);
            error += Math.Pow(double.Parse(cells[3], CultureInfo.InvariantCulture) - truth, 2);
            spread += truth * truth;
        }

        // z = x + y + noise of 0.05; the column's mean would leave all of its spread.
        Assert.True(error < 0.05 * spread, $"The squared error is {error / spread:P1} of the column mean's.");
    }

    [Fact]
    public async Task Impute_KeysAndWindows_AreMaskedAndWarming()
    {
        var text = new StringBuilder("machine,load\n");
        for (var i = 0; i < 900; i++)
            text.Append(CultureInfo.InvariantCulture, $"machine-{i % 3},{(i == 600 ? "" : ((i / 3) % 12).ToString(CultureInfo.InvariantCulture))}\n");
        var data = _folder.Write("waves.csv", text.ToString());
        var train = await CommandRun.Of("train", "--data", data, "--out", _folder["models"], "--variant", "conv", "--window", "12", "--key", "machine");
        Assert.True(train.ExitCode == 0, train.Error);

        var masked = await CommandRun.Of("impute", data, "--model", _folder["models"]);
        var plain = await CommandRun.Of("impute", data, "--model", _folder["models"], "--keep", "machine");

        Assert.True(masked.ExitCode == 0, masked.Error);
        var lines = masked.OutputLines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal("*****ne-0", (string)lines[0]["record"]!["machine"]!);
        Assert.Equal("machine-0", (string)JsonNode.Parse(plain.OutputLines[0])!["record"]!["machine"]!);
        Assert.Equal(33, lines.Count(line => (string)line["verdict"]! == "warming"));
        Assert.Equal("load", (string)Assert.Single(lines[600]["filled"]!.AsArray())!);
        Assert.Equal(200 % 12, (double)lines[600]["record"]!["load"]!, 2.5);
        Assert.Contains("33 rows before their window was full", masked.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embed")]
    [InlineData("denoise")]
    [InlineData("impute")]
    public async Task Documentation_ExampleOfTheCommand_HasTheMembersThatItWrites(string command)
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(300, withAnomalies: false));
        var train = await CommandRun.Of("train", "--data", data, "--label", "label", "--key", "kind", "--out", _folder["models"]);
        Assert.True(train.ExitCode == 0, train.Error);

        var run = await CommandRun.Of(command, _folder.Write("new.csv", GeneratedRows.Header + "\n0.5,,1,up,0\n"), "--model", _folder["models"]);

        var page = File.ReadAllText(Path.Combine(TestEnvironment.RepositoryFolder, "docs", "cli.md"));
        var section = page[page.IndexOf($"\n`{command}` ", StringComparison.Ordinal)..];
        var example = section.Split('\n').First(line => line.StartsWith("    {", StringComparison.Ordinal));
        Assert.Equal(
            JsonNode.Parse(example)!.AsObject().Select(member => member.Key), JsonNode.Parse(Assert.Single(run.OutputLines))!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("embed", 2, "say which records: FILE or --data FILE (- reads standard input).")]
    [InlineData("denoise a.csv", 2, "say which model: --model DIR (as 'train --out' made it) or --config FILE.")]
    [InlineData("denoise a.csv --data b.csv --model m", 2, "records are named twice: 'a.csv' and --data b.csv; leave one out.")]
    [InlineData("impute a.csv --rounds -1", 2, "--rounds: found '-1'; expected a whole number from 0 to 1000.")]
    [InlineData("impute a.csv --output xml", 2, "--output: found 'xml'; expected one of json, csv.")]
    [InlineData("embed a.csv --model /nowhere", 1, "/nowhere: there is no such folder; 'aeanomaly train --data FILE --out /nowhere' makes it.")]
    public async Task Run_WrongWords_SaysWhatIsRight(string arguments, int exitCode, string expected)
    {
        var run = await CommandRun.Of(arguments.Split(' '));

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal($"aeanomaly {arguments.Split(' ')[0]}: {expected}", run.ErrorLines[0]);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Embed_UnknownColumnToKeep_NamesTheColumns()
    {
        var run = await CommandRun.Of("embed", _folder.Write("rows.csv", GeneratedRows.Csv(5)), "--model", await Train("ae"), "--keep", "knd");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--keep: train has no column 'knd'; did you mean 'kind'?", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> Train(string variant)
    {
        var data = _folder.Write("train.csv", GeneratedRows.Csv(1500, withAnomalies: false));
        var run = await CommandRun.Of("train", "--data", data, "--label", "label", "--out", _folder["models"], "--variant", variant);
        Assert.True(run.ExitCode == 0, run.Error);
        return _folder["models"];
    }
}
