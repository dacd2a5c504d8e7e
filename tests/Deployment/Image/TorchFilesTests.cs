using System.Runtime.InteropServices;
using System.Text.Json;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Image;

/// <summary>The files of libtorch that WITH_TORCH=true adds to an image.</summary>
public sealed class TorchFilesTests
{
    [Theory]
    [InlineData("/nuget")]
    [InlineData("/nuget/")]
    public async Task Libtorch_FolderOfPackagesWithOrWithoutItsLastSlash_LiesBelowIt(string packages)
    {
        var output = await ToolRun.OutputOfAsync(
            "dotnet", "msbuild", Path.Combine(TestEnvironment.RepositoryFolder, "src", "Torch"), "-getItem:Libtorch", "-p:WithTorch=true", "-p:NuGetPackageRoot=" + packages);

        using var items = JsonDocument.Parse(output);
        string[] files = [.. items.RootElement.GetProperty("Items").GetProperty("Libtorch").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
        // Other platforms have none.
        Assert.Equal(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64 ? 4 : 0, files.Length);
        Assert.All(files, file => Assert.Matches("^/nuget/libtorch-cpu-linux-x64/[0-9.]+/runtimes/linux-x64/native/lib[^/]+$", file));
    }
}
