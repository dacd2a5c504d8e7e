using System.Buffers.Binary;
using System.Globalization;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Recognises by its first bytes what is no text, so that a message can name it instead of showing its bytes.</summary>
/// <param name="What">What it is, behind "is": "compressed with bzip2".</param>
/// <param name="Advice">What to do, for a file.</param>
internal sealed record ContentSignature(string What, string Advice)
{
    private const string SaveAsCsv = "save it as CSV (UTF-8)";

    /// <summary>Gets what gzip begins with.</summary>
    public static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    /// <summary>Gets what zstd begins with.</summary>
    public static ReadOnlySpan<byte> Zstd => [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Gets what Parquet begins with.</summary>
    public static ReadOnlySpan<byte> Parquet => "PAR1"u8;

    private static ReadOnlySpan<byte> OfficeParts => "[Content_Types].xml"u8;

    /// <summary>Recognises content.</summary>
    /// <param name="start">Its first bytes, the more the better.</param>
    /// <returns>Null for what may be text.</returns>
    public static ContentSignature? Of(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(Gzip))
            return new ContentSignature("compressed with gzip", "unpack it first");
        if (start.StartsWith(Zstd))
            return new ContentSignature("compressed with zstd", "unpack it first");
        if (start.Length > 3 && start.StartsWith("BZh"u8) && start[3] is >= (byte)'1' and <= (byte)'9')
            return new ContentSignature("compressed with bzip2", "unpack it first (bunzip2), or compress it with gzip or zstd");
        if (start.StartsWith<byte>([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return new ContentSignature("compressed with xz", "unpack it first (unxz), or compress it with gzip or zstd");
        if (start.StartsWith<byte>([0x04, 0x22, 0x4D, 0x18]))
            return new ContentSignature("compressed with lz4", "unpack it first (unlz4), or compress it with gzip or zstd");
        if (start.StartsWith<byte>([0xFF, 0x06, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y']))
            return new ContentSignature("compressed with snappy", "unpack it first");
        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8))
            return OfZip(start);
        if (start.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            return new ContentSignature("a spreadsheet (xls, the old binary form)", SaveAsCsv);
        if (start.StartsWith<byte>([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C]))
            return new ContentSignature("a 7z archive", "unpack it first");
        if (start.StartsWith("Rar!"u8))
            return new ContentSignature("a RAR archive", "unpack it first");
        if (start.StartsWith(Parquet))
            return new ContentSignature("a Parquet file", "unpack it first");
        if (start.StartsWith("Obj\u0001"u8))
            return new ContentSignature("an Avro container file", "write it as Parquet, CSV or one JSON object a line");
        if (start.StartsWith("ORC"u8) && start.Length > 3 && start[3] < 0x20)
            return new ContentSignature("an ORC file", "write it as Parquet, CSV or one JSON object a line");
        if (start.StartsWith("ARROW1"u8) || start.StartsWith("FEA1"u8))
            return new ContentSignature("an Arrow (Feather) file", "write it as Parquet, CSV or one JSON object a line");
        if (start.StartsWith("SQLite format 3\0"u8))
            return new ContentSignature("an SQLite database", "export the table as CSV");
        if (start.StartsWith<byte>([0x89, (byte)'H', (byte)'D', (byte)'F']))
            return new ContentSignature("an HDF5 file", "write it as Parquet, CSV or one JSON object a line");
        if (start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5)
            return new ContentSignature("a Python pickle", "write it as Parquet, CSV or one JSON object a line");
        if (start.StartsWith("%PDF"u8))
            return new ContentSignature("a PDF document", SaveAsCsv);
        if (start.Length > 262 && start.Slice(257, 5).SequenceEqual("ustar"u8))
            return new ContentSignature("a tar archive", "unpack it first");
        return OfMarkup(start);
    }

    /// <summary>Recognises what may stand where a JSON message is expected.</summary>
    /// <param name="payload">The whole message.</param>
    /// <returns>What the message is, as a sentence without its end; null when nothing is recognised.</returns>
    public static string? OfMessage(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > 5 && payload[0] == 0)
        {
            var id = BinaryPrimitives.ReadInt32BigEndian(payload[1..]);
            var rest = payload[5..].TrimStart(" \t\r\n"u8);
            var then = rest.StartsWith("{"u8) ? "JSON follows it" : "what follows is Avro or Protobuf";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The value begins with a schema registry's header (magic byte 0, schema id {id}), and {then}; only plain JSON is read: produce it with a serializer without a registry");
        }

        if (Of(payload) is { } known)
            return $"The value is {known.What}; expected one JSON object";
        if (payload.StartsWith<byte>([0xFF, 0xFE]) || payload.StartsWith<byte>([0xFE, 0xFF]) || (payload.Length > 3 && payload[0] == '{' && payload[1] == 0))
            return "The value is UTF-16; JSON is UTF-8";
        if (payload.StartsWith("\"{"u8) || payload.StartsWith("\"["u8))
            return "The value is JSON within a JSON text; it was encoded twice";
        if (payload.StartsWith("["u8) && payload[1..].TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return $"The value is a JSON array of objects, found {ValueExcerpt.Of(payload)}; expected one JSON object: write each as a message of its own";
        return null;
    }

    private static ContentSignature OfZip(ReadOnlySpan<byte> start)
    {
        if (start.IndexOf("oasis.opendocument"u8) >= 0)
            return new ContentSignature("a spreadsheet (ods, a ZIP archive)", SaveAsCsv);
        return start.IndexOf("xl/"u8) >= 0 || start.IndexOf(OfficeParts) >= 0
            ? new ContentSignature("a spreadsheet (xlsx, a ZIP archive)", SaveAsCsv)
            : new ContentSignature("a ZIP archive", "unpack it first");
    }

    private static ContentSignature? OfMarkup(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n"u8);
        if (text.Length < 5 || text[0] != '<')
            return null;
        var word = text[1..Math.Min(text.Length, 15)];
        if (System.Text.Ascii.EqualsIgnoreCase(word[..4], "html"u8) || (word.Length > 12 && System.Text.Ascii.EqualsIgnoreCase(word[..12], "!doctype htm"u8)))
            return new ContentSignature("a web page (HTML), perhaps one that asks for a login", "look at it, and fetch the data itself");
        return text.StartsWith("<?xml"u8) ? new ContentSignature("XML", "write it as CSV or one JSON object a line") : null;
    }
}
