namespace AEAnomaly.Architecture.Tests;

/// <summary>Within a project, folders are floors: one imports only those below it.</summary>
public sealed class FloorTests
{
    public static TheoryData<string> Projects => LayerTests.Projects;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_ImportOnlyThoseBelow(string project)
    {
        var files = Repository.SourceFiles().Where(file => file.Path.StartsWith($"src/{project}/", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(files);
        Findings.AssertNone(Floors.Circles(Floors.Imports(project, files)));
    }

    [Theory]
    [InlineData("using AEAnomaly.Models.B;", "Bee b;", "a using directive")]
    [InlineData("", "B.Bee b;", "a qualified name")]
    [InlineData("", "AEAnomaly.Models.B.Bee b;", "a full name")]
    public void Circles_FolderImportsOneThatImportsIt_NamesBoth(string directive, string code, string by)
    {
        var imports = Floors.Imports("Models",
        [
            ("src/Models/A/Aye.cs", [directive, "namespace AEAnomaly.Models.A;", "internal sealed class Aye", $"{{ {code} }}"]),
            ("src/Models/B/Bee.cs", ["using AEAnomaly.Models.A;", "namespace AEAnomaly.Models.B;", "public sealed record Bee(Aye Aye);"]),
        ]);

        string[] expected = ["A imports B, and that in turn A: src/Models/A/Aye.cs", "B imports A, and that in turn B: src/Models/B/Bee.cs"];
        Assert.True(expected.SequenceEqual(Floors.Circles(imports)), by);
    }

    [Fact]
    public void Circles_OfThreeFolders_AreFound()
    {
        var imports = new Dictionary<(string, string), string> { [("A", "B")] = "1", [("B", "C")] = "2", [("C", "A")] = "3", [("A", "D")] = "4" };

        Assert.Equal(["1", "2", "3"], Floors.Circles(imports).Select(line => line[^1..]));
    }

    [Fact]
    public void Imports_FolderWithin_SeesItsParentWithoutUsing()
    {
        var imports = Floors.Imports("Models",
        [
            ("src/Models/A/Aye.cs", ["namespace AEAnomaly.Models.A;", "internal abstract class Aye"]),
            ("src/Models/A/Within/Inner.cs", ["namespace AEAnomaly.Models.A.Within;", "// Bee, \"Bee\"", "internal sealed class Inner : Aye"]),
            ("src/Models/B/Bee.cs", ["namespace AEAnomaly.Models.B;", "internal sealed class Bee", "{ string aye = \"A.Aye\"; }"]),
        ]);

        Assert.Equal([("A.Within", "A")], imports.Keys);
    }
}
