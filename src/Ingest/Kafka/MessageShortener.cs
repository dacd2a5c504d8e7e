using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AEAnomaly.Detection.Alerts;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Makes a message shorter that its topic refuses as too large; headers say that it was, how large it had been, and the SHA-256 of what it had held.</summary>
internal static class MessageShortener
{
    /// <summary>Header of every message that is not whole.</summary>
    public const string Header = DeadLetter.Prefix + "shortened";

    // A value shorter than this is left out whole.
    private const int ShortestCut = 1_024;

    // Keys and headers up to this length stay.
    private const int LongestPart = 256;

    /// <summary>Shortens a message by one step: of a dead letter the value is cut to a quarter, in the end left out, with a long key and the record's headers; an alert loses
    /// what explains it; the key of a score, and one of an alert, becomes its SHA-256.</summary>
    /// <returns>False where it is as short as it gets.</returns>
    public static bool TryShorten(OutboundMessage message) => message.Kind switch
    {
        OutboundKind.DeadLetter => TryShortenLetter(message),
        OutboundKind.Alert => TryShortenAlert(message),
        OutboundKind.Score => TryShortenScore(message),
        OutboundKind.Copy => false,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.Kind, "Unknown kind."),
    };

    /// <summary>Notes the size and hash of what is cut from a message.</summary>
    public static void AddCut(Headers headers, string what, byte[] original)
    {
        if (headers.TryGetLastBytes(DeadLetter.Prefix + what + "_size", out _))
            return;
        DeadLetter.Add(headers, what + "_size", original.Length.ToString(CultureInfo.InvariantCulture));
        DeadLetter.Add(headers, what + "_sha256", HashOf(original));
    }

    private static bool TryShortenLetter(OutboundMessage letter)
    {
        var headers = Marked(letter);
        if (letter.Value is { Length: > 0 } value)
        {
            AddCut(headers, "value", value);
            letter.Shorten(letter.Key, value.Length <= ShortestCut ? [] : value[..(value.Length / 4)], headers);
            return true;
        }

        var foreign = headers.Where(header => !header.Key.StartsWith(DeadLetter.Prefix, StringComparison.Ordinal)).Select(header => header.Key).ToList();
        var key = letter.Key;
        if (foreign.Count == 0 && key is not { Length: > LongestPart })
            return false;
        DeadLetter.NoteDropped(headers, foreign.Count);
        foreach (var name in foreign)
            headers.Remove(name);
        if (key is { Length: > LongestPart })
        {
            AddCut(headers, "key", key);
            key = key[..LongestPart];
        }

        letter.Shorten(key, letter.Value, headers);
        return true;
    }

    private static bool TryShortenAlert(OutboundMessage alert)
    {
        if (alert.IsShortened || alert.Value is not { } value || ShortAlert.Of(value) is not { } shorter)
            return false;
        var headers = new Headers();
        foreach (var header in Marked(alert))
            headers.Add(header.Key, header.GetValueBytes() is { Length: > LongestPart } text ? Encoding.UTF8.GetBytes(ShortAlert.Shorten(Encoding.UTF8.GetString(text))) : header.GetValueBytes());
        AddCut(headers, "value", value);
        alert.Shorten(ShortKey(alert.Key, headers), shorter, headers);
        return true;
    }

    private static bool TryShortenScore(OutboundMessage score)
    {
        if (score.Key is not { Length: > LongestPart })
            return false;
        var headers = Marked(score);
        score.Shorten(ShortKey(score.Key, headers), score.Value, headers);
        return true;
    }

    // The same for all messages of that key, so that they stay in one partition.
    private static byte[]? ShortKey(byte[]? key, Headers headers)
    {
        if (key is not { Length: > LongestPart })
            return key;
        AddCut(headers, "key", key);
        return Encoding.ASCII.GetBytes(HashOf(key));
    }

    private static Headers Marked(OutboundMessage message)
    {
        var headers = message.Headers ?? [];
        if (!headers.TryGetLastBytes(Header, out _))
            headers.Add(Header, "too_large"u8.ToArray());
        return headers;
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
