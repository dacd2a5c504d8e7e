using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The program as <c>./aeanomaly</c> publishes it, on an account that has never restored a package.</summary>
public sealed class PublishedProgramTests
{
    [Fact]
    public async Task Demo_EmptyPackageCache_RunsToItsEndFromThePublishedFilesAlone()
    {
        var launcher = Path.Combine(TestEnvironment.RepositoryFolder, "aeanomaly");
        // Builds with the packages that this machine has; what is built is started without them.
        using (var build = ProductProcess.StartCommand(launcher, "/", [], "--version"))
            Assert.True(await build.EndsAsync(TimeSpan.FromMinutes(5)) == 0, string.Join('\n', build.ErrorLines));

        using var home = new TemporaryFolder();
        using var demo = ProductProcess.StartCommand(
            launcher, home.Path, [("HOME", home.Path), ("NUGET_PACKAGES", home["packages"])], "demo", "--seconds", "12");
        var exitCode = await demo.EndsAsync(TimeSpan.FromMinutes(3));

        Assert.True(exitCode == 0, string.Join('\n', [.. demo.OutputLines, .. demo.ErrorLines]));
        Assert.Contains("Every record was scored or dead-lettered, every alert was read back.", demo.OutputLines);
        var files = Directory.GetFiles(Directory.GetDirectories(Path.Combine(TestEnvironment.RepositoryFolder, "artifacts", "app")).MaxBy(Directory.GetLastWriteTimeUtc)!);
        Assert.Single(files, path => path.EndsWith("librdkafka.so", StringComparison.Ordinal));
        Assert.Superset(new HashSet<string?> { "LICENSE", "THIRD-PARTY-NOTICES" }, files.Select(Path.GetFileName).ToHashSet());
        Assert.DoesNotContain(files, path => Path.GetExtension(path) is ".pdb" or ".xml");
    }
}
