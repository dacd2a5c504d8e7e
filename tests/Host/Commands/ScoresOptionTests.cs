using System.Text.Json.Nodes;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Host.Tests.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class ScoresOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("whitened")]
    [InlineData("whitened,nearest_normal")]
    public async Task Evaluate_ChosenScores_FindTheAnomalies(string scores)
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(2000));

        var run = await CommandRun.Of("evaluate", "--data", data, "--label", "label", "--scores", scores, "--output", "json");

        Assert.True(run.ExitCode == 0, run.Error);
        var result = JsonNode.Parse(Assert.Single(run.OutputLines))!;
        Assert.InRange((double)result["auc_roc"]!, 0.98, 1);
        Assert.InRange((double)result["false_positive_rate"]!, 0, 0.05);
    }

    [Fact]
    public async Task TrainAndScore_ChosenScores_AreStoredWithTheModel()
    {
        var (data, models) = (_folder.Write("rows.csv", GeneratedRows.Csv(600)), Path.Combine(_folder.Path, "models"));

        var train = await CommandRun.Of("train", "--data", data, "--label", "label", "--out", models, "--scores", "whitened,latent_distance");
        var score = await CommandRun.Of("score", "--data", data, "--model", models);

        Assert.True(train.ExitCode == 0, train.Error);
        Assert.True(score.ExitCode == 0, score.Error);
        Assert.Contains("scores: [whitened, latent_distance]", File.ReadAllText(Directory.GetFiles(models, "*.yaml").Single()), StringComparison.Ordinal);
        Assert.Equal(600, score.OutputLines.Length);
        Assert.All(score.OutputLines, line => Assert.True((double)JsonNode.Parse(line)!["score"]! > 0));
    }

    [Theory]
    [InlineData("--scores whitend", "--scores: found 'whitend'; expected one or more, with commas between them, of reconstruction, whitened, ")]
    [InlineData("--scores elbo", "--scores: variant 'ae' has no score elbo; it offers reconstruction, whitened, ")]
    [InlineData("--scores whitened,whitened", "--scores: found whitened a second time; remove it.")]
    public async Task Evaluate_WrongScores_SaysWhatToDo(string words, string expected)
    {
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(600));

        var run = await CommandRun.Of(["evaluate", "--data", data, "--label", "label", "--variant", "ae", .. words.Split(' ')]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongScores_ReportsEachWithItsPlace() =>
        Assert.Equal(
            [
                "detectors[0].model.memory_rows: found '0'; expected a whole number from 1 to 65536.",
                "detectors[0].model.scores[1]: variant 'conv' has no score elbo; it offers reconstruction.",
            ],
            Configured.Errors(Configured.Minimal + "    model: {variant: conv, memory_rows: 0, scores: [reconstruction, elbo]}\n").Select(error => error[(error.IndexOf(": ", StringComparison.Ordinal) + 2)..]));

    public void Dispose() => _folder.Dispose();
}
