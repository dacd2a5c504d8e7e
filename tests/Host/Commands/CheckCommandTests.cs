using System.Text.Json.Nodes;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Host.Tests.Configuration;
using AEAnomaly.Host.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class CheckCommandTests
{
    [Fact]
    public async Task Check_GoodFile_SaysWhatItDeclaresAndTouchesNothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.yaml", DocumentedExample.Yaml);

        var run = await CommandRun.With("", [("AEANOMALY__MODELS__DIRECTORY", folder["models"])], "check", "--config", file);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [$"OK: {file}: 1 detector.", $"  payments: payments -> payments.alerts, 7 fields (5 features), bad input to payments.dead-letters, trains on {TrainingDeviceText.Describe(new RetrainingOptions()).Device}"],
            run.OutputLines);
        Assert.Empty(run.Error);
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Check_BrokenFile_ReportsEveryErrorAndGives2()
    {
        var run = await CommandRun.With(Configured.Minimal + "    trainig: {}\n    fit: {seed: x}\n", [], "check", "--config", "-");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            [
                "standard input:9: detectors[0].trainig: is an unknown key; did you mean 'training'?",
                "standard input:10: detectors[0].fit.seed: found 'x'; expected a whole number.",
                "aeanomaly check: 2 errors in the configuration.",
            ],
            run.ErrorLines);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Check_SecretInAWrongPlace_IsNotPrinted()
    {
        using var folder = new TemporaryFolder();
        var secret = folder.Write("secret", "hunter2\n");

        var run = await CommandRun.With(Configured.Minimal + "    fit: {seed: '${file:" + secret + "}'}\n", [], "check", "-c", "-");

        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("hunter2", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Schema_IsOneJsonDocument()
    {
        var run = await CommandRun.Of("check", "--schema");

        Assert.Equal(0, run.ExitCode);
        var schema = JsonNode.Parse(run.Output)!.AsObject();
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string)schema["$schema"]!);
        Assert.Equal(["kafka", "models", "http", "otlp", "detectors"], schema["properties"]!.AsObject().Select(p => p.Key));
    }

    [Theory]
    [InlineData("models")]
    [InlineData("a/b/c/models")]
    public async Task Check_ModelFolderThatCanBeMade_IsNotMade(string models)
    {
        using var folder = new TemporaryFolder();

        var run = await CommandRun.With(Configured.Minimal, [("AEANOMALY__MODELS__DIRECTORY", folder[models])], "check", "-c", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("models", "is a file, so no models can be kept in it. Name a folder.")]
    [InlineData("models/below", "is a file, so no models can be kept below it. Name a folder.")]
    public async Task Check_FileInPlaceOfTheModelFolder_IsNamed(string models, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("models", "");

        var run = await CommandRun.With(Configured.Minimal, [("AEANOMALY__MODELS__DIRECTORY", folder[models])], "check", "-c", "-");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal([$"environment variable AEANOMALY__MODELS__DIRECTORY: models.directory: found '{folder[models]}'; {file} {expected}", "aeanomaly check: 1 error in the configuration."], run.ErrorLines);
        Assert.Empty(run.Output);
    }

    [RequiresMountFact]
    public async Task Check_ModelFolderOnAReadOnlySystem_IsNamed()
    {
        using var mounted = MountedFolder.OfSize("64k");
        mounted.Remount("ro");

        var existing = await CommandRun.With(Configured.Minimal, [("AEANOMALY__MODELS__DIRECTORY", mounted.Path)], "check", "-c", "-");
        var missing = await CommandRun.With(Configured.Minimal, [("AEANOMALY__MODELS__DIRECTORY", mounted.Path + "/models")], "check", "-c", "-");

        Assert.Equal((2, 2), (existing.ExitCode, missing.ExitCode));
        Assert.Contains($"models.directory: found '{mounted.Path}'; {mounted.Path} cannot be written: Read-only file system. Make it writable", existing.Error, StringComparison.Ordinal);
        Assert.Contains($"{mounted.Path}/models does not exist and cannot be made in {mounted.Path}: Read-only file system.", missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task CheckAndRun_NoKafkaSection_SayWhatIsMissing(string command)
    {
        var yaml = Configured.Minimal[Configured.Minimal.IndexOf("detectors:", StringComparison.Ordinal)..];

        var run = await CommandRun.With(yaml, [], command, "-c", "-");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("standard input: kafka.bootstrap_servers: is missing; expected HOST:PORT, several with commas.", run.ErrorLines[0]);
    }
}
