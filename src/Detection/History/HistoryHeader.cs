using System.Buffers.Binary;
using System.Text;

namespace AEAnomaly.Detection.History;

/// <summary>Says what a file of remembered keys stands for; it comes before the keys.</summary>
/// <param name="Fingerprint">Fingerprint of what is remembered, and how.</param>
/// <param name="Topic">Topic.</param>
/// <param name="TopicId">Id of the topic; null where the brokers tell none.</param>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset after the last record that is remembered.</param>
/// <param name="Population">What is usual among all keys of the partition.</param>
internal sealed record HistoryHeader(string Fingerprint, string Topic, string? TopicId, int Partition, long Offset, byte[] Population)
{
    /// <summary>The format written here; another one is refused.</summary>
    public const int Format = 1;

    /// <summary>The bytes before the header itself: what kind of file it is, the format, the length of the header.</summary>
    public const int PrefixBytes = 16;

    private static ReadOnlySpan<byte> Kind => "AEAkeys\n"u8;

    /// <summary>Makes the beginning of a file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Kind);
            writer.Write(Format);
            writer.Write(0);
            writer.Write(Fingerprint);
            writer.Write(Topic);
            writer.Write(TopicId ?? "");
            writer.Write(Partition);
            writer.Write(Offset);
            writer.Write(Population.Length);
            writer.Write(Population);
        }

        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(PrefixBytes - sizeof(int)), bytes.Length - PrefixBytes);
        return bytes;
    }

    /// <summary>Reads the beginning of the beginning.</summary>
    /// <returns>The bytes of the header that follow, or -1 with what is wrong.</returns>
    public static int LengthOf(ReadOnlySpan<byte> prefix, out string problem)
    {
        problem = "";
        if (prefix.Length < PrefixBytes || !prefix.StartsWith(Kind))
        {
            problem = "it does not begin as a file of remembered keys does";
            return -1;
        }

        var format = BinaryPrimitives.ReadInt32LittleEndian(prefix[Kind.Length..]);
        if (format == Format)
            return BinaryPrimitives.ReadInt32LittleEndian(prefix[(PrefixBytes - sizeof(int))..]);
        problem = $"it has format {format}, this program reads {Format}";
        return -1;
    }

    /// <summary>Reads a header whose checksum is right.</summary>
    /// <exception cref="InvalidDataException">It is not as it is written here; a checksum finds damage, not who wrote it.</exception>
    public static HistoryHeader Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            var (fingerprint, topic, id) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
            var (partition, offset) = (reader.ReadInt32(), reader.ReadInt64());
            var length = reader.ReadInt32();
            // Room for what is said to come is taken at once, before it is seen whether it does.
            if (length < 0 || length > bytes.Length)
                throw new InvalidDataException($"its header is said to hold {length} bytes of what is usual, and has {bytes.Length}");
            return new HistoryHeader(fingerprint, topic, id.Length == 0 ? null : id, partition, offset, reader.ReadBytes(length));
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"its header is none: {exception.Message}", exception);
        }
    }
}
