using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class SecretFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aeanomaly-secrets-").FullName;

    [Theory]
    [InlineData("tenant-7\n", "tenant-7")]
    [InlineData("tenant-7\r\n", "tenant-7")]
    [InlineData("tenant-7\n\n", "tenant-7\n")]
    [InlineData("null", "null")]
    public void Load_SecretFile_IsReadWithoutItsLastLineEnd(string content, string expected)
    {
        var file = Write("tenant", content);

        var options = Configured.Load(Configured.Minimal + "    alerts: {tenant: '${file:" + file + "}'}\n");

        Assert.Equal(expected, options.Detectors[0].Alerts.Tenant);
    }

    [Fact]
    public void Load_SecretNamedByAVariable_IsRead() =>
        Assert.Equal(
            "t",
            Configured.Load(Configured.Minimal, ("AEANOMALY__DETECTORS__0__ALERTS__TENANT", "${file:" + Write("v", "t\n") + "}")).Detectors[0].Alerts.Tenant);

    [Fact]
    public void Load_RelativeSecret_StartsAtTheConfiguration()
    {
        Write("tenant", "seven\n");
        var file = Write("a.yaml", Configured.Minimal + "    alerts: {tenant: '${file:tenant}'}\n");

        Assert.Equal("seven", ConfigurationLoader.Load(file, new Dictionary<string, string>()).Detectors[0].Alerts.Tenant);
    }

    [Fact]
    public void Load_MissingSecret_NamesKeyAndFileOnce() =>
        Assert.Equal(
            ["line 9: detectors[0].fit.seed: the secret file '/nowhere/x' cannot be read: it does not exist."],
            Configured.Errors(Configured.Minimal + "    fit: {seed: '${file:/nowhere/x}'}\n"));

    [Fact]
    public void Load_SecretOfTheWrongType_IsNotShown()
    {
        var error = Assert.Single(Configured.Errors(Configured.Minimal + "    fit: {seed: '${file:" + Write("s", "hunter2") + "}'}\n"));

        Assert.Equal("line 9: detectors[0].fit.seed: found a secret value (not shown); expected a whole number.", error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string content)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, content);
        return file;
    }
}
