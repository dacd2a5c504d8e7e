using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

/// <summary>What a wrong clock has dated is not trusted without a word.</summary>
public sealed class WrongClockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(5 * 365 * 24)]
    [InlineData(25)]
    [InlineData(1)]
    public async Task TrainAndList_AVersionDatedInTheFuture_IsNamed(int hours)
    {
        var (data, models) = (_folder.Write("train.csv", GeneratedRows.Csv(120)), _folder["models"]);
        string[] train = ["train", "--data", data, "--out", models];
        var ahead = await CommandRun.At(DateTimeOffset.UtcNow.AddHours(hours), train);
        Assert.True(ahead.ExitCode == 0, ahead.Error);
        Assert.DoesNotContain("warning:", ahead.Error, StringComparison.Ordinal);
        var version = Path.GetFileName(Directory.GetDirectories(Path.Combine(models, "train")).Single());

        var trained = await CommandRun.Of(train);
        var listed = await CommandRun.Of("models", "list", "--dir", models);

        Assert.Equal((0, 0), (trained.ExitCode, listed.ExitCode));
        var warning = $"warning: {models}: the model folder holds versions dated later than this process's clock (";
        Assert.Contains(trained.ErrorLines, line => line.StartsWith(warning, StringComparison.Ordinal) && line.Contains($"): {version}; correct the clock", StringComparison.Ordinal));
        Assert.Single(listed.ErrorLines, line => line.StartsWith(warning, StringComparison.Ordinal) && line.Contains($"): {version};", StringComparison.Ordinal));
        Assert.StartsWith("*", listed.OutputLines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(version, listed.OutputLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAndList_ClocksThatDifferBySeconds_AreNoProblem()
    {
        var (data, models) = (_folder.Write("train.csv", GeneratedRows.Csv(120)), _folder["models"]);
        await CommandRun.At(DateTimeOffset.UtcNow.AddSeconds(20), "train", "--data", data, "--out", models);

        var trained = await CommandRun.Of("train", "--data", data, "--out", models);
        var listed = await CommandRun.Of("models", "list", "--dir", models);

        Assert.DoesNotContain("warning:", trained.Error + listed.Error, StringComparison.Ordinal);
    }
}
