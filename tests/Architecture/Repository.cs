namespace AEAnomaly.Architecture.Tests;

/// <summary>The checkout that these tests were built from, and the product's assemblies.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The product's assemblies by the name of their folder under src, from the lowest layer to the highest, with those that each may know.</summary>
    public static IReadOnlyList<(string Project, string Assembly, string[] Knows)> Layers { get; } =
    [
        ("Models", "AEAnomaly.Models", []),
        ("Torch", "AEAnomaly.Torch", ["AEAnomaly.Models"]),
        ("Detection", "AEAnomaly.Detection", ["AEAnomaly.Models"]),
        ("Ingest", "AEAnomaly.Ingest", ["AEAnomaly.Models", "AEAnomaly.Detection"]),
        ("Host", "aeanomaly", ["AEAnomaly.Models", "AEAnomaly.Torch", "AEAnomaly.Detection", "AEAnomaly.Ingest"]),
    ];

    /// <summary>Every C# file under src, by its path from the root with forward slashes.</summary>
    public static IEnumerable<(string Path, string[] Lines)> SourceFiles() =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        orderby relative
        select (relative, File.ReadAllLines(path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AEAnomaly.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no AEAnomaly.sln above {AppContext.BaseDirectory}");
    }
}
