using System.Globalization;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class InitCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Init_CsvFile_WritesWhatCheckAccepts()
    {
        var data = _folder.Write("Card Payments.csv", GeneratedRows.Csv(300));
        var file = _folder["a.yaml"];

        var run = await CommandRun.Of("init", "--data", data, "--out", file, "--bootstrap", "broker:9093");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(run.OutputLines, l => l.StartsWith("kind   categorical  ", StringComparison.Ordinal));
        var options = ConfigurationLoader.Load(file, new Dictionary<string, string>());
        Assert.Equal("broker:9093", options.Kafka.BootstrapServers);
        var detector = Assert.Single(options.Detectors);
        Assert.Equal("card-payments", detector.Name);
        Assert.Equal(
            [("x", FieldKind.Numeric), ("y", FieldKind.Numeric), ("z", FieldKind.Numeric), ("kind", FieldKind.Categorical), ("label", FieldKind.Label)],
            detector.Fields.Select(f => (f.Name, f.Kind)));
        Assert.Equal(0, (await CommandRun.Of("check", "--config", file)).ExitCode);
    }

    [Fact]
    public async Task Init_PaymentsOfCards_WritesAHistoryThatEvaluateTakes()
    {
        var random = new Random(4);
        var rows = string.Concat(Enumerable.Range(0, 3_000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{1_700_000_000 + (i * 60)},{random.Next(150)},shop-{random.Next(5)},{Math.Exp(random.NextDouble() * 4):0.00},{(i % 250 == 249 ? 1 : 0)}\n")));
        var data = _folder.Write("payments.csv", "unix_time,card_id,shop,amount,fraud\n" + rows);
        var file = _folder["payments.yaml"];

        var run = await CommandRun.Of("init", "--data", data, "--out", file);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("history: card_id has 150 values in 3,000 records, and unix_time tells when", run.Output, StringComparison.Ordinal);
        var history = ConfigurationLoader.Load(file, new Dictionary<string, string>()).Detectors[0].History!;
        Assert.Equal([true, false, false, false, false, false], history.Remember.Select(item => item.Count));
        Assert.Equal(["shop", "shop"], history.Remember.Where(item => item.Within is not null).Select(item => item.Within));
        Assert.Contains("    # card_id has 150 values", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        var evaluation = await CommandRun.Of("evaluate", "--config", file, "--data", data, "--label", "fraud", "--protocol", "unsupervised");
        Assert.Equal(0, evaluation.ExitCode);
        // Time, shop and amount, then three counts, three sums, three times what is usual, and the share.
        Assert.Contains("13 features", evaluation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_NamesThatYamlWouldMisread_SurviveTheFile()
    {
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 3 * 1.5},{i % 5}\n"));
        var data = _folder.Write("a.csv", "yes,\"a: b, {c} #d\",\"say \"\"hi\"\"\"\n" + rows);

        var run = await CommandRun.Of("init", "--data", data, "--out", "-");

        Assert.Equal(0, run.ExitCode);
        var options = ConfigurationLoader.LoadText(run.Output, "standard output", new Dictionary<string, string>());
        Assert.Equal(["yes", "a: b, {c} #d", "say \"hi\""], options.Detectors[0].Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task Init_NestedJson_DeclaresDottedPaths()
    {
        var data = string.Concat(Enumerable.Range(0, 60).Select(i => $"{{\"amount\": {i % 9}.5, \"payer\": {{\"country\": \"{(i % 2 == 0 ? "DE" : "FR")}\"}}}}\n"));

        var run = await CommandRun.With(data, [], "init", "--data", "-", "--out", _folder["b.yaml"], "--name", "payments");

        Assert.Equal(0, run.ExitCode);
        var detector = ConfigurationLoader.Load(_folder["b.yaml"], new Dictionary<string, string>()).Detectors[0];
        Assert.Equal("payments", detector.Name);
        Assert.Equal([("amount", FieldKind.Numeric), ("payer.country", FieldKind.Categorical)], detector.Fields.Select(f => (f.EffectivePath, f.Kind)));
    }

    [Fact]
    public async Task Init_FileThatExists_IsKeptUnlessForced()
    {
        var data = _folder.Write("d.csv", GeneratedRows.Csv(100));
        var file = _folder.Write("a.yaml", "mine");

        var refused = await CommandRun.Of("init", "--data", data, "--out", file);
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal($"aeanomaly init: {file}: the file exists; --force overwrites it, --out names another.", Assert.Single(refused.ErrorLines));
        Assert.Equal("mine", await File.ReadAllTextAsync(file));

        Assert.Equal(0, (await CommandRun.Of("init", "--data", data, "--out", file, "--force")).ExitCode);
        Assert.NotEqual("mine", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Init_UnknownLabel_SuggestsTheColumn()
    {
        var run = await CommandRun.Of("init", "--data", _folder.Write("d.csv", GeneratedRows.Csv(50)), "--label", "lable", "--out", "-");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no column 'lable'; did you mean 'label'?", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
