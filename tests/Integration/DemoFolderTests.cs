using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The demo where it has nowhere to write, as in a container with a read-only root.</summary>
public sealed class DemoFolderTests
{
    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/proc")]
    public async Task Demo_NoFolderForTemporaryFiles_NamesIt(string temporary)
    {
        using var folder = new TemporaryFolder();
        using var demo = ProductProcess.Start(folder.Path, [("TMPDIR", temporary)], "demo", "--seconds", "10");

        Assert.Equal(1, await demo.EndsAsync(TimeSpan.FromMinutes(2)));
        var line = Assert.Single(demo.ErrorLines);
        Assert.StartsWith($"aeanomaly demo: {temporary}/: the demo keeps its models below this folder, and none can be made there (", line, StringComparison.Ordinal);
        Assert.EndsWith("Set TMPDIR to a folder that can be written.", line, StringComparison.Ordinal);
    }
}
