using System.Text;
using System.Text.RegularExpressions;
using AEAnomaly.Host.Page;

namespace AEAnomaly.Host.Tests.Page;

/// <summary>What the page's files must be for the policy that they are served with, and for a phone on a slow line.</summary>
public sealed partial class PageAssetTests
{
    private static readonly IReadOnlyList<PageAsset> Assets = PageAsset.ReadAll();

    [Fact]
    public void ReadAll_Files_WeighLessThan200Kilobytes() => Assert.InRange(Assets.Sum(asset => asset.Content.Length), 20_000, 200_000);

    [Fact]
    public void ReadAll_FilesNamedInFiles_AreThere()
    {
        var names = Assets.Select(asset => asset.Name).ToHashSet();

        Assert.Contains("index.html", names);
        var referred = Assets.SelectMany(asset => ReferencePattern().Matches(Text(asset)).Select(match => match.Groups[1].Value)).ToArray();
        Assert.True(referred.Length > 15, $"{referred.Length} references");
        Assert.Empty(referred.Except(names));
        Assert.Empty(names.Except(referred).Except(["index.html"]));
    }

    [Fact]
    public void ReadAll_Files_HoldNothingInlineAndNothingFromElsewhere()
    {
        var html = Text(Assets.Single(asset => asset.Name == "index.html"));

        Assert.DoesNotMatch(InlinePattern(), html);
        foreach (var asset in Assets)
        {
            var text = Text(asset).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotMatch(ElsewherePattern(), text);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        }
    }

    private static string Text(PageAsset asset) => Encoding.UTF8.GetString(asset.Content);

    [GeneratedRegex(@"(?:page/|from '\./)([\w-]+\.\w+)[""']")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)")]
    private static partial Regex InlinePattern();

    [GeneratedRegex(@"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}|@import|url\(")]
    private static partial Regex ElsewherePattern();
}
