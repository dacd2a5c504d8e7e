using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Reads from the headers of copies which records they are of. One thread.</summary>
internal sealed unsafe class CopiedOrigin
{
    // Topics, and their ids: a handful, unless somebody writes what is none.
    private const int MostTexts = 256;

    private readonly List<(byte[] Bytes, string Text)> _texts = [];

    /// <summary>Completes where a message came from by the record that it is a copy of, whose timestamp it then has.</summary>
    /// <param name="message">Message as librdkafka holds it.</param>
    /// <param name="origin">Where the message lies.</param>
    /// <param name="leaderEpoch">Leader epoch of the record; -1 while unknown.</param>
    /// <returns>The origin as it was for a message that is no copy.</returns>
    public RecordOrigin Of(NativeMessage* message, in RecordOrigin origin, out int leaderEpoch)
    {
        leaderEpoch = -1;
        nint headers;
        if (Librdkafka.MessageHeaders(message, &headers) != 0)
            return origin;
        string? topic = null, topicId = null;
        long partition = -1, offset = -1, timestamp = -1, epoch = -1;
        byte* name;
        byte* value;
        nuint size;
        for (nuint i = 0; Librdkafka.HeaderGetAll(headers, i, &name, &value, &size) == 0; i++)
        {
            var called = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
            if (value == null || !MessageHeaders.IsOfCopies(called))
                continue;
            var given = new ReadOnlySpan<byte>(value, (int)size);
            switch (called[DeadLetter.Prefix.Length..])
            {
                case var n when Ascii.Equals(n, CopyHeaders.Topic):
                    topic = TextOf(given);
                    break;
                case var n when Ascii.Equals(n, CopyHeaders.TopicId):
                    topicId = TextOf(given);
                    break;
                case var n when Ascii.Equals(n, CopyHeaders.Partition):
                    Read(given, ref partition);
                    break;
                case var n when Ascii.Equals(n, CopyHeaders.Offset):
                    Read(given, ref offset);
                    break;
                case var n when Ascii.Equals(n, CopyHeaders.Timestamp):
                    Read(given, ref timestamp);
                    break;
                case var n when Ascii.Equals(n, CopyHeaders.LeaderEpoch):
                    Read(given, ref epoch);
                    break;
                default:
                    break;
            }
        }

        if (topic is null || partition is < 0 or > int.MaxValue || offset < 0)
            return origin;
        leaderEpoch = (int)Math.Clamp(epoch, -1, int.MaxValue);
        return origin with { TimestampMs = timestamp, Original = new RecordPlace(topic, (int)partition, offset, topicId) };
    }

    private static void Read(ReadOnlySpan<byte> text, ref long number)
    {
        if (Utf8Parser.TryParse(text, out long parsed, out var consumed) && consumed == text.Length)
            number = parsed;
    }

    // One string for all records of a topic.
    private string TextOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var (known, text) in _texts)
        {
            if (bytes.SequenceEqual(known))
                return text;
        }

        if (_texts.Count == MostTexts)
            _texts.Clear();
        var added = Encoding.UTF8.GetString(bytes);
        _texts.Add((bytes.ToArray(), added));
        return added;
    }
}
