namespace AEAnomaly.Architecture.Tests;

/// <summary>The house rules over every source file, and a proof for each rule that it finds what breaks it.</summary>
public sealed class SourceRulesTests
{
    [Fact]
    public void SourceFiles_OfTheProduct_KeepTheHouseRules()
    {
        var files = Repository.SourceFiles().ToArray();

        Assert.NotEmpty(files);
        Findings.AssertNone(files.SelectMany(file => SourceRules.All(file.Path, file.Lines)));
    }

    [Theory]
    [InlineData("src/Models/A.cs", "// TODO: later", "line 1: TODO")]
    [InlineData("src/Models/A.cs", "throw new NotImplementedException();", "line 1: NotImplementedException")]
    [InlineData("src/Ingest/A.cs", "var now = DateTimeOffset.UtcNow;", "line 1: DateTimeOffset.UtcNow")]
    [InlineData("src/Detection/A.cs", "var chance = new Random();", "line 1: new Random()")]
    [InlineData("src/Detection/A.cs", "Console.WriteLine(1);", "line 1: Console.Write")]
    [InlineData("src/Ingest/A.cs", "private async void Go()", "line 1: async void")]
    [InlineData("src/Ingest/A.cs", "#pragma warning disable CA1031", "line 1: #pragma warning disable")]
    [InlineData("src/Ingest/Helpers/A.cs", "", "folder Helpers names no concept of the domain")]
    [InlineData("src/Ingest/Extensions.cs", "", "the file's name names no concept of the domain")]
    [InlineData("src/Ingest/Formats/A.cs", "namespace AEAnomaly.Ingest;", "namespace AEAnomaly.Ingest; its folder says AEAnomaly.Ingest.Formats")]
    [InlineData("src/Ingest/A.cs", "public sealed class B", "its public type is B")]
    [InlineData("src/Ingest/A.cs", "public enum A\npublic readonly record struct B(int C);", "several public types: A, B")]
    public void All_FileThatBreaksARule_NamesIt(string path, string text, string finding)
    {
        Assert.Equal([$"{path}: {finding}"], SourceRules.All(path, text.Split('\n')));
    }

    [Theory]
    [InlineData("src/Host/A.cs", "Console.WriteLine(DateTimeOffset.UtcNow);")]
    [InlineData("src/Models/A.cs", "// DateTime.Nowhere, TODOS")]
    [InlineData("src/Models/A.Log.cs", "namespace AEAnomaly.Models;\npublic sealed partial class A")]
    [InlineData("src/Models/A.cs", "var random = new Random(seed);")]
    public void All_FileThatKeepsTheRules_FindsNothing(string path, string text)
    {
        Assert.Empty(SourceRules.All(path, text.Split('\n')));
    }

    [Fact]
    public void Length_OfAFileBeyondTheLimit_IsFound()
    {
        Assert.Null(SourceRules.Length(new string[400]));
        Assert.Equal("401 lines; at most 400", SourceRules.Length(new string[401]));
    }
}
