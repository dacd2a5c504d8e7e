using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Makes ids that are functions of their parts: 32 hexadecimal digits of a SHA-256.</summary>
internal static class Fingerprint
{
    private const int Digits = 32;

    public static string Of(params ReadOnlySpan<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Join(parts)))[..Digits];

    public static string Keyed(byte[]? key, params ReadOnlySpan<string> parts) =>
        key is null ? Of(parts) : Convert.ToHexStringLower(HMACSHA256.HashData(key, Join(parts)))[..Digits];

    /// <summary>Gives what names a record: where it lies, in which of the topics that bore the name, and when it was written, since an offset comes again in a topic that was deleted and created anew.</summary>
    public static string[] PartsOf(in RecordOrigin origin)
    {
        var place = origin.Place;
        return
        [
            place.Topic,
            place.TopicId ?? "",
            place.Partition.ToString(CultureInfo.InvariantCulture),
            place.Offset.ToString(CultureInfo.InvariantCulture),
            origin.TimestampMs.ToString(CultureInfo.InvariantCulture),
        ];
    }

    // Each part is preceded by its length: ("ab", "c") and ("a", "bc") differ.
    private static ReadOnlySpan<byte> Join(ReadOnlySpan<string> parts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var part in parts)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(part)}:"), buffer);
            Encoding.UTF8.GetBytes(part, buffer);
        }

        return buffer.WrittenSpan;
    }
}
