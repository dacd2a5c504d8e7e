using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class SampleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Sample_GenerativeVersion_DrawsRecordsThatItTakesForNormal()
    {
        var models = await Train("vae");

        var run = await CommandRun.Of("sample", models, "-n", "400", "--seed", "7", "--output", "csv");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("x,y,z,kind", run.OutputLines[0]);
        Assert.Equal(401, run.OutputLines.Length);
        var records = run.OutputLines[1..].Select(line => line.Split(',')).ToArray();
        Assert.All(records, cells => Assert.Contains(cells[3], new[] { "up", "down" }));

        // z = x + y and kind follows x, as in the training data.
        double Number(string[] cells, int i) => double.Parse(cells[i], CultureInfo.InvariantCulture);
        Assert.InRange(records.Average(cells => Math.Abs(Number(cells, 2) - Number(cells, 0) - Number(cells, 1))), 0, 0.5);
        Assert.InRange(records.Count(cells => cells[3] == "up" == Number(cells, 0) > 0), 320, 400);
        Assert.Matches(@"^400 records drawn from train version \S+ \(vae\), seed 7$", run.ErrorLines[^1]);

        var score = await CommandRun.With(run.Output, [], "score", "--model", models, "--data", "-", "--top", "0");
        Assert.InRange(score.OutputLines.Count(line => (string)JsonNode.Parse(line)!["verdict"]! == "anomaly"), 0, 20);
    }

    [Fact]
    public async Task Sample_SameSeed_GivesTheSameRecords()
    {
        var models = await Train("vae");

        var first = await CommandRun.Of("sample", "--model", models, "-n", "20");
        var again = await CommandRun.Of("sample", "--model", models, "--count", "20", "--seed", "1");
        var other = await CommandRun.Of("sample", "--model", models, "-n", "20", "--seed", "2");
        var prior = await CommandRun.Of("sample", "--model", models, "-n", "20", "--codes", "prior");

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal(20, first.OutputLines.Length);
        Assert.Equal(["x", "y", "z", "kind"], JsonNode.Parse(first.OutputLines[0])!.AsObject().Select(member => member.Key));
        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(first.Output, other.Output);
        Assert.NotEqual(first.Output, prior.Output);
    }

    [Fact]
    public async Task Sample_VariantWithoutDistribution_NamesThoseThatHaveOne()
    {
        var models = await Train("ae");

        var run = await CommandRun.Of("sample", models);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Matches(
            @"^aeanomaly sample: version \S+ of detector 'train' is of variant ae, which defines no distribution to draw from; vae, beta-vae, .* do: train one with --variant NAME\.$",
            Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("sample", "say which model: --model DIR (as 'train --out' made it) or --config FILE.")]
    [InlineData("sample m -n 0", "--count: found '0'; expected a whole number from 1 to 10000000.")]
    [InlineData("sample m --model n", "the model is named twice: 'm' and --model n; leave one out.")]
    [InlineData("sample m --codes all", "--codes: found 'all'; expected one of fitted, prior.")]
    public async Task Run_WrongWords_SaysWhatIsRight(string arguments, string expected)
    {
        var run = await CommandRun.Of(arguments.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"aeanomaly sample: {expected}", run.ErrorLines[0]);
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
