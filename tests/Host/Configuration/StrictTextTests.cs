using System.Text;
using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class StrictTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Load_ByteOrderMark_IsFollowed(string name)
    {
        var encoding = Encoding.GetEncoding(name);

        Assert.Equal("Müller", Load([.. encoding.GetPreamble(), .. encoding.GetBytes(Configured.Minimal + "    alerts: {tenant: Müller}\n")]).Detectors[0].Alerts.Tenant);
    }

    [Theory]
    [InlineData("utf-16", 1, "holds a byte 0: it is UTF-16 without a byte order mark, or no text; save it as UTF-8.")]
    [InlineData("utf-16BE", 1, "holds a byte 0: it is UTF-16 without a byte order mark, or no text; save it as UTF-8.")]
    [InlineData("latin1", 9, "is not UTF-8 (byte 0xFC), Latin-1 perhaps; save it as UTF-8.")]
    public void Load_OtherEncoding_IsOneSentence(string name, int line, string expected) =>
        Assert.Equal($"{File}:{line}: {expected}", Error(Encoding.GetEncoding(name).GetBytes(Configured.Minimal + "    alerts: {tenant: Müller}\n")));

    [Fact]
    public void Load_ZeroByteAfterTheBeginning_IsNotTheEndOfTheFile() =>
        Assert.StartsWith($"{File}:2: holds a byte 0", Error(Encoding.UTF8.GetBytes("kafka:\n  bootstrap_servers: a:1\0\n" + Configured.Minimal)), StringComparison.Ordinal);

    [Fact]
    public void Load_CutCharacterAtTheEnd_IsFound() =>
        Assert.StartsWith($"{File}:9: is not UTF-8 (byte 0xC3)", Error([.. Encoding.UTF8.GetBytes(Configured.Minimal + "# "), 0xC3]), StringComparison.Ordinal);

    [Fact]
    public void Load_BrokenUtf16_SaysWhatItBeganAs() =>
        Assert.Equal($"{File}: begins as utf-16 and is not valid utf-16; save it as UTF-8.", Error([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]));

    [Fact]
    public void Load_SecretFileInLatin1_IsRefusedAndNotShown()
    {
        var secret = Path.Combine(_folder.Path, "secret");
        System.IO.File.WriteAllBytes(secret, Encoding.Latin1.GetBytes("hüntér2"));

        Assert.Equal(
            [$"line 9: detectors[0].alerts.tenant: the secret file '{secret}' is not UTF-8 (byte 0xFC), Latin-1 perhaps; save it as UTF-8."],
            Configured.Errors(Configured.Minimal + "    alerts: {tenant: '${file:" + secret + "}'}\n"));
    }

    public void Dispose() => _folder.Dispose();

    private string File => Path.Combine(_folder.Path, "a.yaml");

    private string Error(byte[] bytes) => Assert.Single(Assert.Throws<ConfigurationException>(() => Load(bytes)).Errors).ToString();

    private AEAnomalyOptions Load(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        return ConfigurationLoader.Load(File, new Dictionary<string, string>());
    }
}
