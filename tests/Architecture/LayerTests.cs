using System.Reflection;

namespace AEAnomaly.Architecture.Tests;

/// <summary>Host -> Ingest -> Detection -> Models, and Host -> Torch -> Models; only Ingest knows Kafka, only Torch knows TorchSharp, only Host knows the web.</summary>
public sealed class LayerTests
{
    private static readonly string SharedRuntimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private static readonly string[] Abstractions = ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Diagnostics.Abstractions"];

    // Libraries beyond the base class library; a name that ends in a full stop stands for all that begin so.
    private static readonly Dictionary<string, string[]> AllowedLibraries = new()
    {
        ["Models"] = [],
        ["Torch"] = ["TorchSharp"],
        ["Detection"] = [.. Abstractions],
        ["Ingest"] = ["Confluent.Kafka", "Parquet", "Parquet.Net", "Polly.Core", "ZstdSharp", "ZstdSharp.Port", .. Abstractions],
        ["Host"] = ["Microsoft.AspNetCore.", "Microsoft.AspNetCore", "Microsoft.Extensions.", "Microsoft.Net.", "OpenTelemetry", "OpenTelemetry.", "Prometheus.", "prometheus-net", "prometheus-net.", "Spectre.Console", "Spectre.Console.Ansi", "System.CommandLine", "YamlDotNet"],
    };

    // What no assembly refers to: the native half of a library.
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Torch"] = ["libtorch-cpu-linux-x64"],
    };

    public static TheoryData<string> Projects => [.. Repository.Layers.Select(layer => layer.Project)];

    [Fact]
    public void Source_EveryProject_HasALayer()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!));

        Assert.Equal(Repository.Layers.Select(layer => layer.Project).Order(), found.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_OfALayer_ReferencesOnlyLayersItMayKnow(string project)
    {
        var known = Repository.Layers.Single(layer => layer.Project == project).Knows;

        var referenced = References(project).Where(IsOurs);

        Findings.AssertNone(referenced.Except(known));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_OfALayer_ReferencesOnlyItsLibraries(string project)
    {
        var foreign = References(project).Where(name => !IsOurs(name) && !IsBaseClassLibrary(name) && !IsAllowed(project, name));

        Findings.AssertNone(foreign);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFile_OfALayer_NamesOnlyItsLibraries(string project)
    {
        // An unused reference leaves no trace in the assembly, but it still reaches everyone who builds on the project.
        var folder = Path.Combine(Repository.Root, "src", project);
        var files = new[] { "*.csproj", "Build/*.props", "Build/*.targets" }
            .Where(pattern => Directory.Exists(Path.Combine(folder, Path.GetDirectoryName(pattern)!)))
            .SelectMany(pattern => Directory.EnumerateFiles(folder, pattern));
        var packages = files.SelectMany(file => System.Xml.Linq.XDocument.Load(file).Descendants("PackageReference"))
            .Select(package => package.Attribute("Include")?.Value).OfType<string>();

        Findings.AssertNone(packages.Where(name => !IsAllowed(project, name) && !AllowedPackages.GetValueOrDefault(project, []).Contains(name)));
    }

    [Fact]
    public void IsBaseClassLibrary_PackageUnderASystemName_IsNot()
    {
        Assert.True(IsBaseClassLibrary("System.Text.Json"));
        Assert.False(IsBaseClassLibrary("System.CommandLine"));
        Assert.False(IsAllowed("Detection", "Confluent.Kafka"));
        Assert.True(IsAllowed("Host", "Microsoft.AspNetCore.Routing"));
    }

    private static IEnumerable<string> References(string project) =>
        Assembly.Load(Repository.Layers.Single(layer => layer.Project == project).Assembly).GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsOurs(string name) => Repository.Layers.Any(layer => layer.Assembly == name);

    private static bool IsBaseClassLibrary(string name) => File.Exists(Path.Combine(SharedRuntimeFolder, name + ".dll"));

    private static bool IsAllowed(string project, string name) =>
        AllowedLibraries[project].Any(allowed => allowed.EndsWith('.') ? name.StartsWith(allowed, StringComparison.Ordinal) : name == allowed);
}
