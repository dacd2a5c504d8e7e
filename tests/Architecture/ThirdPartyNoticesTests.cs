using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AEAnomaly.Architecture.Tests;

/// <summary>THIRD-PARTY-NOTICES against what the program was built from; <c>eng/third-party-notices.py</c> writes the file anew.</summary>
public sealed partial class ThirdPartyNoticesTests
{
    private static readonly string Notices = File.ReadAllText(Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES"));

    [Fact]
    public void Packages_OfTheProgram_AreNamedWithTheirVersionAndNoOthers()
    {
        var named = Named().Select(package => package.Key).ToArray();
        var published = Published().ToArray();

        Findings.AssertNone([
            .. published.Except(named).Select(package => $"{package} is published and not named"),
            .. named.Except(published).Select(package => $"{package} is named and not published"),
        ]);
        Assert.Equal(named.Length, named.Distinct().Count());
    }

    [Fact]
    public void Packages_EachNamed_HasItsLicenceTextInTheFileOnce()
    {
        var texts = LicenceTextPattern().Matches(Notices).Select(match => match.Groups[1].Value).ToArray();

        Assert.Empty(Named().Select(package => package.Licence).Except(texts));
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.Contains("Apache License", File.ReadAllText(Path.Combine(Repository.Root, "LICENSE")), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Key, string Licence)> Named() =>
        PackagePattern().Matches(Notices).Select(match => ($"{match.Groups[1].Value} {match.Groups[2].Value}", match.Groups[3].Value));

    private static IEnumerable<string> Published()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "aeanomaly.deps.json")));
        foreach (var library in manifest.RootElement.GetProperty("libraries").EnumerateObject())
        {
            var (name, version) = (library.Name.Split('/')[0], library.Name.Split('/')[1]);
            switch (library.Value.GetProperty("type").GetString())
            {
                case "package":
                    yield return $"{name} {version}";
                    break;
                case "reference":
                    // A package whose assembly came along with a project's output: the assembly's version has a fourth part.
                    yield return $"{name} {Version.Parse(version).ToString(3)}";
                    break;
            }
        }

        // Published with WithTorch=true, beside the manifest.
        var libtorch = Assembly.Load("AEAnomaly.Torch").GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "LibtorchVersion").Value;
        yield return $"libtorch-cpu-linux-x64 {libtorch}";
    }

    [GeneratedRegex(@"^(\S+) (\d\S*)\n    Licence: (\S+)\n    \S.*$", RegexOptions.Multiline)]
    private static partial Regex PackagePattern();

    [GeneratedRegex("^Licence text: (.+)$", RegexOptions.Multiline)]
    private static partial Regex LicenceTextPattern();
}
