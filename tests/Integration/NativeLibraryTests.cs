using System.Runtime.InteropServices;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The executable with each variant of librdkafka that the package holds for this platform, as machines with other system libraries meet them.</summary>
public sealed class NativeLibraryTests
{
    /// <summary>Gets the variants that the build laid beside the tests.</summary>
    public static TheoryData<string> Variants => [.. VariantFiles];

    private static string[] VariantFiles => [.. Directory.GetFiles(NativeFolder, "*librdkafka.so").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string NativeFolder => Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Run_OneVariantAlone_LoadsItOrSaysWhatIsMissing(string variant)
    {
        using var folder = new TemporaryFolder();
        LayProgram(folder, variant);
        var missing = await MissingLibraryAsync(Path.Combine(NativeFolder, variant));

        if (missing is null && !IsForMusl(variant))
        {
            Assert.Equal([variant], await LoadedByRunAsync(folder));
            return;
        }

        using var check = ProductProcess.StartCommand("dotnet", folder.Path, [], folder["aeanomaly.dll"], "check", "--config", Configuration(folder));
        Assert.Equal(1, await check.EndsAsync(DaemonHarness.Bound));
        var error = string.Join('\n', check.ErrorLines);
        Assert.Contains("librdkafka cannot be loaded: librdkafka: ", error, StringComparison.Ordinal);
        if (missing is not null && !IsForMusl(variant))
            Assert.Contains($"{Path.GetFileNameWithoutExtension(variant)}: {missing}: cannot open shared object file", error, StringComparison.Ordinal);
        Assert.True(error.Length < 600, error);
    }

    [Fact]
    public async Task Run_TwoVariantsThatLoad_BothHalvesUseTheFirst()
    {
        using var folder = new TemporaryFolder();
        var loadable = "";
        foreach (var variant in VariantFiles)
        {
            if (!IsForMusl(variant) && await MissingLibraryAsync(Path.Combine(NativeFolder, variant)) is null)
                loadable = variant;
        }

        LayProgram(folder, loadable);
        var native = folder["runtimes", RuntimeInformation.RuntimeIdentifier, "native"];
        File.Copy(Path.Combine(NativeFolder, loadable), Path.Combine(native, "librdkafka.so"), overwrite: true);
        File.Copy(Path.Combine(NativeFolder, loadable), Path.Combine(native, "centos8-librdkafka.so"), overwrite: true);

        Assert.Equal(["librdkafka.so"], await LoadedByRunAsync(folder));
    }

    private static void LayProgram(TemporaryFolder folder, string variant)
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(path => Path.GetExtension(path) is ".dll" or ".json"))
            File.Copy(file, folder[Path.GetFileName(file)]);
        Directory.CreateDirectory(folder["runtimes", RuntimeInformation.RuntimeIdentifier, "native"]);
        File.Copy(Path.Combine(NativeFolder, variant), folder["runtimes", RuntimeInformation.RuntimeIdentifier, "native", variant]);
    }

    private static string Configuration(TemporaryFolder folder) => folder.Write(
        "readings.yaml",
        """
        kafka: { bootstrap_servers: "127.0.0.1:1" }
        detectors:
          - name: readings
            topics: [readings]
            fields: [{ name: value, kind: numeric }]
        """);

    // A daemon that waits for its broker has loaded everything; the system says from where.
    private static async Task<string[]> LoadedByRunAsync(TemporaryFolder folder)
    {
        var address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        using var daemon = ProductProcess.StartCommand(
            "dotnet", folder.Path, [("AEANOMALY__HTTP__LISTEN", address)], folder["aeanomaly.dll"], "run", "--config", Configuration(folder));
        await daemon.AnswersAsync(address + "/health/live", DaemonHarness.Bound);
        string[] files = [];
        await Eventually.TrueAsync(
            () => (files = daemon.MappedFiles("librdkafka")).Length > 0, DaemonHarness.Bound, "the library is loaded", () => string.Join('\n', daemon.ErrorLines));
        return [.. files.Select(path => Path.GetFileName(path))];
    }

    // By what the system's loader lists: the first library that it does not find, or null.
    private static async Task<string?> MissingLibraryAsync(string path)
    {
        using var ldd = ProductProcess.StartCommand("ldd", "/", [], path);
        _ = await ldd.EndsAsync(DaemonHarness.Bound);
        return ldd.OutputLines.FirstOrDefault(line => line.EndsWith("=> not found", StringComparison.Ordinal))?.Split("=>")[0].Trim();
    }

    private static bool IsForMusl(string variant) => variant.StartsWith("alpine-", StringComparison.Ordinal);
}
