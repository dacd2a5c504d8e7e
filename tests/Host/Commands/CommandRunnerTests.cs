using AEAnomaly.Host.Tests.CommandLine;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class CommandRunnerTests
{
    [Theory]
    [InlineData("evalute", "aeanomaly: unknown command 'evalute'; did you mean 'evaluate'?")]
    [InlineData("evaluate --dta x.csv", "aeanomaly evaluate: unknown option '--dta'; did you mean '--data'?")]
    [InlineData("evaluate --data x.csv --seed many", "aeanomaly evaluate: --seed: found 'many'; expected a whole number.")]
    [InlineData("evaluate --data x.csv --protocol best", "aeanomaly evaluate: --protocol: found 'best'; expected one of semi, unsupervised.")]
    [InlineData("evaluate --data x.csv --output xml", "aeanomaly evaluate: --output: found 'xml'; expected one of text, json.")]
    [InlineData("score --data x.csv --top -1", "aeanomaly score: --top: found '-1'; expected a whole number from 0 to 1000.")]
    [InlineData("evaluate", "aeanomaly evaluate: say which records: --data FILE (- reads standard input).")]
    [InlineData("check", "aeanomaly check: say which file: --config FILE (or --schema for the JSON Schema).")]
    [InlineData("train --data x.csv", "aeanomaly train: say where the version is kept: --out DIR, or --config FILE with models.directory.")]
    [InlineData("score --data x.csv", "aeanomaly score: say which model: --model DIR (as 'train --out' made it) or --config FILE.")]
    [InlineData("models", "aeanomaly models: say what to do: list, show, rollback, retrain.")]
    [InlineData("models retrain payments", "aeanomaly models retrain: say which daemon: --config FILE or --url URL.")]
    [InlineData("models retrain payments --url localhost", "aeanomaly models retrain: --url: found 'localhost'; expected an address such as http://127.0.0.1:9464.")]
    [InlineData("models list", "aeanomaly models list: say where the versions are: --config FILE or --dir DIR.")]
    [InlineData("init", "aeanomaly init: say what to look at: --data FILE or --topic TOPIC.")]
    public async Task RunAsync_WrongWords_SaysWhatIsRightAndGives2(string arguments, string expected)
    {
        var run = await CommandRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(expected, run.ErrorLines[0]);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task RunAsync_FileThatDoesNotExist_Gives1AndOneLine()
    {
        var run = await CommandRun.Of("evaluate", "--data", "/nowhere/x.csv", "--label", "y");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("aeanomaly evaluate: /nowhere/x.csv", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Verbose_ShowsTheStackTrace()
    {
        var run = await CommandRun.Of("evaluate", "--data", "/nowhere/x.csv", "--label", "y", "--verbose");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Help_ListsEveryCommand()
    {
        var run = await CommandRun.Of("--help");

        Assert.Equal(0, run.ExitCode);
        foreach (var command in new[] { "run", "demo", "init", "check", "train", "score", "embed", "denoise", "impute", "sample", "evaluate", "replay", "models" })
            Assert.Contains($"  {command} ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CommandHelp_ListsItsOptions()
    {
        var run = await CommandRun.Of("evaluate", "--help");

        Assert.Equal(0, run.ExitCode);
        foreach (var option in new[] { "--data", "--label", "--drop", "--variant", "--protocol", "--split", "--seed", "--output", "--report" })
            Assert.Contains(option, run.Output, StringComparison.Ordinal);
    }
}
