using System.Text.RegularExpressions;
using System.Xml.Linq;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>The files of the chart that follow from others are as these say. With AEANOMALY_WRITE_CHART=true they are written instead.</summary>
public sealed partial class ChartFilesTests
{
    [Fact]
    public void Files_ThatFollowFromOthers_AreUpToDate()
    {
        foreach (var (path, text) in ChartFiles.All())
        {
            var full = Path.Combine(TestEnvironment.RepositoryFolder, path);
            if (Environment.GetEnvironmentVariable("AEANOMALY_WRITE_CHART") == "true")
                File.WriteAllText(full, text);
            Assert.True(File.Exists(full) && File.ReadAllText(full) == text, $"{path} is out of date; run: AEANOMALY_WRITE_CHART=true ./test.sh Deployment --filter FullyQualifiedName~{nameof(ChartFilesTests)}");
        }
    }

    [Fact]
    public void Files_CopiedFromOutsideOfTheChart_AreAllStillThere()
    {
        var made = ChartFiles.All().Select(file => Path.GetFileName(file.Path)).ToHashSet();

        Assert.Subset(made, Directory.GetFiles(Path.Combine(ChartFolder.Path, "files")).Select(path => Path.GetFileName(path)).ToHashSet());
    }

    [Fact]
    public void Values_OfTheChart_AreDescribed() => Assert.Equal([], ChartFiles.Undescribed());

    [Fact]
    public void Version_OfChartAndImage_IsThatOfTheProgram()
    {
        var program = XDocument.Load(Path.Combine(TestEnvironment.RepositoryFolder, "Directory.Build.props")).Descendants("Version").Single().Value;
        var chart = YamlNodes.Documents(File.ReadAllText(Path.Combine(ChartFolder.Path, "Chart.yaml"))).Single();

        Assert.Equal(program, (string?)chart["version"]);
        Assert.Equal(program, (string?)chart["appVersion"]);
        Assert.Equal(program, ImageVersion().Match(File.ReadAllText(Path.Combine(TestEnvironment.RepositoryFolder, "Containerfile"))).Groups[1].Value);
    }

    [GeneratedRegex("^ARG VERSION=(.*)$", RegexOptions.Multiline)]
    private static partial Regex ImageVersion();
}
