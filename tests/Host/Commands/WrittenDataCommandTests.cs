using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

/// <summary>What init proposes for data as people write them is read by train, score and the daemon alike.</summary>
public sealed class WrittenDataCommandTests : IDisposable
{
    private const int Rows = 240;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{0:0.00}", ",", "yyyy-MM-dd HH:mm:ss 'UTC'")]
    [InlineData("{0:#,##0.00} EUR", ",", "dd.MM.yyyy HH:mm")]
    [InlineData("${0:#,##0.00}", ".", "M/d/yyyy h:mm:ss tt")]
    [InlineData("({0:0.00})", ".", "yyyyMMdd'T'HHmmss'Z'")]
    [InlineData("{0:0.0} %", ".", "yyyyMMddHHmmss")]
    [InlineData("{0:0.00}", ".", "ddd, dd MMM yyyy HH:mm:ss 'GMT'")]
    public async Task InitTrainScoreAndTheDaemon_NumbersAndTimesAsWritten_ReadTheSame(string amount, string mark, string time)
    {
        var rows = Written(amount, mark, time).ToArray();
        var data = _folder.Write("data.csv", string.Concat(rows.Select(row => $"{row.Time};{row.Card};{row.Amount};{row.Online}\n").Prepend("time;card;amount;online\n")));
        var (config, models) = (_folder["c.yaml"], _folder["models"]);

        var init = await CommandRun.Of("init", "--data", data, "--out", config, "--name", "p");
        Assert.True(init.ExitCode == 0, init.Error);
        var train = await CommandRun.Of("train", "--data", data, "--config", config, "--out", models);
        Assert.True(train.ExitCode == 0, train.Error);
        var score = await CommandRun.Of("score", "--data", data, "--config", config, "--model", models, "--top", "0");
        Assert.True(score.ExitCode == 0, score.Error);
        Assert.EndsWith(", 0 bad rows", score.ErrorLines[^1], StringComparison.Ordinal);

        var detector = ConfigurationLoader.Load(config, new Dictionary<string, string>()).Detectors[0];
        Assert.Equal([FieldKind.Timestamp, FieldKind.Key, FieldKind.Numeric, FieldKind.Boolean], detector.Fields.Select(field => field.Kind));
        var spec = new FeatureSpec(detector.Fields);
        var (decoder, batch) = (new JsonRecordDecoder(spec, new JsonDecoderOptions()), new RecordBatch(spec, Rows));
        foreach (var row in rows)
        {
            var message = new JsonObject { ["time"] = row.Time, ["card"] = row.Card, ["amount"] = row.Amount, ["online"] = row.Online };
            Assert.True(decoder.TryDecode(Encoding.UTF8.GetBytes(message.ToJsonString()), default, batch, out var error), error.Message);
        }

        for (var row = 0; row < Rows; row++)
        {
            Assert.Equal(rows[row].Seconds, batch.Numbers(0)[row], 60.0);
            Assert.Equal(rows[row].Value is { } value ? value : double.NaN, batch.Numbers(2)[row], 0.051);
        }
    }

    [Fact]
    public async Task SampleAndScore_FieldsWithRules_ReadWhatIsWritten()
    {
        var rows = Written("{0:#,##0.00}", ",", "dd.MM.yyyy HH:mm");
        var data = _folder.Write("data.csv", string.Concat(rows.Select(row => $"{row.Time};{row.Card};{row.Amount};{row.Online}\n").Prepend("time;card;amount;online\n")));
        var models = _folder["models"];
        var train = await CommandRun.Of("train", "--data", data, "--out", models, "--variant", "vae");
        Assert.True(train.ExitCode == 0, train.Error);

        var sample = await CommandRun.Of("sample", models, "-n", "20", "--output", "csv");
        var denoised = await CommandRun.Of("denoise", data, "--model", models, "--output", "csv");
        Assert.True(sample.ExitCode == 0 && denoised.ExitCode == 0, sample.Error + denoised.Error);

        Assert.All(sample.OutputLines[1..], line => Assert.Matches(@"^\d{1,2}\.\d{1,2}\.2026 \d{1,2}:\d\d,", line));
        var back = _folder.Write("back.csv", denoised.Output.Replace("*", "c", StringComparison.Ordinal));
        var score = await CommandRun.Of("score", "--data", back, "--model", models, "--top", "0");
        Assert.EndsWith(", 0 bad rows", score.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\nx,1\ny,2\n")]
    [InlineData("a,b\nx\n")]
    public async Task Score_EveryRowBad_Fails(string rows)
    {
        var config = _folder["models"];
        var data = _folder.Write("train.csv", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7}.5,{i % 5}.25\n").Prepend("a,b\n")));
        Assert.Equal(0, (await CommandRun.Of("train", "--data", data, "--out", config)).ExitCode);
        var bad = _folder.Write("bad.csv", rows);

        var score = await CommandRun.Of("score", "--data", bad, "--model", config);
        var embed = await CommandRun.Of("embed", "--data", bad, "--model", config);

        Assert.Equal((1, 1), (score.ExitCode, embed.ExitCode));
        Assert.EndsWith($"{bad}: none of its {rows.Count(c => c == '\n') - 1} rows can be read.", score.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001b[31mred")]
    [InlineData("a\u0007b")]
    [InlineData("a\u009bb")]
    public async Task Init_ControlCharactersInNamesAndValues_AreNotSentToTheTerminal(string name)
    {
        var data = _folder.Write("data.csv", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7}.5,{(i == 9 ? "\u001b[2J" : $"{i % 5}.25")}\n").Prepend($"\"{name}\",b\n")));

        var table = await CommandRun.Of("init", "--data", data, "--out", _folder["a.yaml"]);
        var yaml = await CommandRun.Of("init", "--data", data, "--out", "-");
        var error = await CommandRun.Of("train", "--data", data, "--out", _folder["m"], "--drop", name + "x");

        Assert.Equal(0, table.ExitCode);
        Assert.Contains(name.Replace(name.First(char.IsControl), '\uFFFD'), table.Output, StringComparison.Ordinal);
        Assert.All(new[] { table, yaml, error }, run => Assert.DoesNotContain(run.Output + run.Error, c => char.IsControl(c) && c != '\n'));
        Assert.Equal(name, ConfigurationLoader.Load(_folder["a.yaml"], new Dictionary<string, string>()).Detectors[0].Fields[0].Name);
    }

    [Theory]
    [InlineData("a\rbad row: none")]
    [InlineData("a\nbad row: none")]
    [InlineData("a\u0085b")]
    [InlineData("a\u001b]0;title\u0007b")]
    public async Task Score_LayoutCharactersInANameOfABadRow_StayOnItsLine(string name)
    {
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7}.5,{i % 5}.25\n").Prepend($"\"{name}\",b\n"));
        var models = _folder["models"];
        Assert.Equal(0, (await CommandRun.Of("train", "--data", _folder.Write("train.csv", rows), "--out", models)).ExitCode);

        var score = await CommandRun.Of("score", "--data", _folder.Write("bad.csv", rows + "x,1\n"), "--model", models);

        Assert.Equal(0, score.ExitCode);
        Assert.Equal(2, score.ErrorLines.Length);
        Assert.StartsWith("bad row: ", score.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains($"column '{new string([.. name.Select(c => char.IsControl(c) ? '\uFFFD' : c)])}': expected a finite number", score.ErrorLines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(score.Error, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public async Task Evaluate_WordsOfItsOwn_TakesWhatIsNormalFromOptionOrConfiguration()
    {
        var data = _folder.Write("data.csv", GeneratedRows.Csv(300).Replace(",0\n", ",typeA\n", StringComparison.Ordinal).Replace(",1\n", ",typeB\n", StringComparison.Ordinal));
        var config = _folder["c.yaml"];
        Assert.Contains("none of them is known to mean normal", (await CommandRun.Of("init", "--data", data, "--out", config)).Output, StringComparison.Ordinal);

        var unknown = await CommandRun.Of("evaluate", "--data", data);
        var named = await CommandRun.Of("evaluate", "--data", data, "--label-normal", "typeA", "--output", "json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("kind: label", "kind: label, normal: [TYPEA]", StringComparison.Ordinal));
        var configured = await CommandRun.Of("evaluate", "--data", data, "--config", config, "--output", "json");
        var trained = await CommandRun.Of("train", "--data", data, "--out", _folder["m"], "--label-normal", "typeA");

        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("Its values: 'typeA' 270, 'typeB' 30.", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("--label-normal typeA, or with normal: [typeA]", unknown.Error, StringComparison.Ordinal);
        Assert.Equal((30, 30), ((int)JsonNode.Parse(named.Output)!["anomalies"]!, (int)JsonNode.Parse(configured.Output)!["anomalies"]!));
        Assert.Contains("30 rows labelled as anomalies left out", trained.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Time, string Card, string Amount, string Online, double Seconds, double? Value)> Written(string amount, string mark, string time)
    {
        for (var i = 0; i < Rows; i++)
        {
            var moment = new DateTime(2026, 3, 11, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i * 97);
            var value = 500 + (i * 7919 % 997 * 1.13);
            var text = string.Format(CultureInfo.InvariantCulture, amount, value);
            if (mark == ",")
                text = text.Replace(',', '!').Replace('.', ',').Replace('!', '.');
            var isMissing = i % 20 == 7;
            yield return (
                moment.ToString(time, CultureInfo.InvariantCulture), $"card-{i * 31 % 50}", isMissing ? "n/a" : text, i % 40 == 9 ? "NULL" : i % 3 == 0 ? "true" : "false",
                (moment - DateTime.UnixEpoch).TotalSeconds, isMissing ? null : amount[0] == '(' ? -value : value);
        }
    }
}
