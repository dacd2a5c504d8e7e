using System.Security.Cryptography;
using AEAnomaly.Detection.History;
using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Fuzzing;

namespace AEAnomaly.Detection.Tests.Fuzz;

/// <summary>Damaged files of remembered keys: opened, or refused with the reason. Damage that the checksum finds, and files that somebody made with a right one.</summary>
public sealed class HistoryFileFuzzTests : IDisposable
{
    private const int StateBytes = 64;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 500)]
    [InlineData(true, 1_500)]
    public void Open_DamagedFiles_AreReadOrRefused(bool hasRightChecksum, int count)
    {
        var content = Content();
        FuzzRun.Run(hasRightChecksum ? "files of keys with a right checksum" : "files of keys", count, [hasRightChecksum ? content : Summed(content)], ["AEAkeys\n", "\u0001", "\0\0\0\0"], bytes =>
        {
            var path = _folder["0-7.keys"];
            File.WriteAllBytes(path, hasRightChecksum ? Summed(bytes) : bytes.ToArray());
            try
            {
                using var file = HistoryFileReader.Open(path, StateBytes);
                file.Read(static _ => { });
                return "read";
            }
            catch (InvalidDataException refusal)
            {
                Assert.NotEmpty(refusal.Message);
                return "refused";
            }
        });
    }

    [Fact]
    public void Read_DamagedHeaders_AreReadOrRefused() => FuzzRun.Run("headers of files of keys", 450_000, [Header().ToBytes()[HistoryHeader.PrefixBytes..]], ["\0\0\0\0", "\u0080\u0080\u0080\u0080\u0080\u0080"], bytes =>
    {
        try
        {
            HistoryHeader.Read(bytes.ToArray());
            return "read";
        }
        catch (InvalidDataException)
        {
            return "refused";
        }
    });

    private static HistoryHeader Header() => new("0123456789abcdef", "payments", "Xk3v9Q", 0, 7, new byte[40]);

    private static byte[] Content() => [.. Header().ToBytes(), .. Enumerable.Range(0, 3 * SavedKey.BytesOf(StateBytes)).Select(number => (byte)number)];

    private static byte[] Summed(ReadOnlySpan<byte> content) => [.. content, .. SHA256.HashData(content)];
}
