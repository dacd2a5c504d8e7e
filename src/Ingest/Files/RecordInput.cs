using System.IO.Compression;
using System.Text;
using AEAnomaly.Ingest.Formats;
using ZstdSharp;

namespace AEAnomaly.Ingest.Files;

/// <summary>Opens a file or standard input as text in UTF-8 whose lines end with LF or CRLF: unpacked, transcoded, Parquet as one JSON object a line.</summary>
internal sealed class RecordInput
{
    /// <summary>Bytes looked at to recognise content: a header line that is longer is rare.</summary>
    private const int HeadBytes = 64 * 1024;

    // A pipe may give a few bytes and then wait; the longest signature that matters there has four.
    private const int HeadBytesOfPipe = 4;

    private readonly string _path;
    private readonly RewindableStream? _once;

    /// <summary>Takes a file, or standard input for "-".</summary>
    public RecordInput(string path, Stream? standardInput)
    {
        _path = path;
        Name = path == "-" ? "standard input" : path;
        if (path == "-")
        {
            IsReadOnce = true;
            _once = Guarded(() => Decode(standardInput ?? Console.OpenStandardInput()));
            return;
        }

        if (!File.Exists(path))
            throw new RecordFileException(Directory.Exists(path) ? $"{path}: is a folder, expected a file." : $"{path}: there is no such file.");

        // A named pipe, or what a shell puts for <(command), gives its bytes once.
        var file = OpenFile();
        if (file.CanSeek)
        {
            file.Dispose();
            return;
        }

        IsReadOnce = true;
        _once = Guarded(() => Decode(file));
    }

    /// <summary>Gets what messages call it.</summary>
    public string Name { get; }

    /// <summary>Gets whether it can be read only once, and may wait for more.</summary>
    public bool IsReadOnce { get; }

    /// <summary>Gets whether its rows come from a table in binary form, so that they have no lines.</summary>
    public bool IsTable { get; private set; }

    /// <summary>Opens it at its beginning.</summary>
    /// <param name="isLast">Whether it will not be opened again; standard input is then not kept in memory.</param>
    public Stream Open(bool isLast)
    {
        if (_once is { } input)
        {
            if (!input.CanRewind)
                throw new RecordFileException($"{Name}: was read already and cannot be read again; write it to a file first.");
            input.Rewind(keep: !isLast);
            return input;
        }

        var file = OpenFile();
        try
        {
            var stream = Guarded(() => Decode(file));
            stream.Rewind(keep: false);
            return stream;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes a stream that <see cref="Open"/> gave; standard input stays open for the next reading.</summary>
    public void Close(Stream stream)
    {
        if (stream != _once)
            stream.Dispose();
    }

    private FileStream OpenFile()
    {
        try
        {
            return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecordFileException($"{_path}: cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Recognises what a stream holds by its first bytes, whatever it is called.</summary>
    private RewindableStream Decode(Stream stream)
    {
        var raw = new RewindableStream(stream);
        var head = Peek(raw);
        if (head.AsSpan().StartsWith(ContentSignature.Parquet))
        {
            raw.Rewind(keep: false);
            IsTable = true;
            return new RewindableStream(new ParquetRowStream(Seekable(stream, raw), Name));
        }

        if (Unpack(raw, head) is { } unpacked)
        {
            raw = unpacked;
            head = Peek(raw);
        }

        if (ContentSignature.Of(head) is { } known)
            throw new RecordFileException($"{Name}: is {known.What}; {known.Advice}.");
        if (EncodingOf(head) is { } encoding)
        {
            raw.Rewind(keep: false);
            raw = new RewindableStream(Encoding.CreateTranscodingStream(raw, encoding, Encoding.UTF8));
            head = Peek(raw);
        }

        if (head.AsSpan().IndexOf((byte)0) is >= 0 and var position)
            throw new RecordFileException($"{Name}: is no text: byte {position} is 0; expected CSV, JSON objects or Parquet.");
        if (LineEndStream.IsNeeded(head))
        {
            raw.Rewind(keep: false);
            raw = new RewindableStream(new LineEndStream(raw));
        }

        raw.Rewind(keep: true);
        return raw;
    }

    private byte[] Peek(RewindableStream stream) => stream.Peek(IsReadOnce ? HeadBytesOfPipe : HeadBytes, HeadBytes);

    private static RewindableStream? Unpack(RewindableStream raw, ReadOnlySpan<byte> head)
    {
        var isGzip = head.StartsWith(ContentSignature.Gzip);
        if (!isGzip && !head.StartsWith(ContentSignature.Zstd))
            return null;
        raw.Rewind(keep: false);
        return new RewindableStream(isGzip ? new GZipStream(raw, CompressionMode.Decompress) : new DecompressionStream(raw, leaveOpen: false));
    }

    /// <summary>Tells UTF-16 and UTF-32 by their mark, or by the zeros between the letters.</summary>
    private static Encoding? EncodingOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith<byte>([0xFF, 0xFE, 0, 0]))
            return Encoding.UTF32;
        if (head.StartsWith<byte>([0xFF, 0xFE]))
            return Encoding.Unicode;
        if (head.StartsWith<byte>([0xFE, 0xFF]))
            return Encoding.BigEndianUnicode;
        var (even, odd, pairs) = (0, 0, Math.Min(head.Length, 256) / 2);
        for (var i = 0; i < pairs; i++)
        {
            even += head[2 * i] == 0 ? 1 : 0;
            odd += head[(2 * i) + 1] == 0 ? 1 : 0;
        }

        if (pairs < 4 || even + odd == 0)
            return null;
        return even == 0 && odd * 2 > pairs ? Encoding.Unicode : odd == 0 && even * 2 > pairs ? Encoding.BigEndianUnicode : null;
    }

    // A table's index stands at its end, so it cannot be read from a pipe as it comes.
    private static Stream Seekable(Stream stream, RewindableStream raw)
    {
        if (stream.CanSeek)
        {
            stream.Position = 0;
            return stream;
        }

        var whole = new MemoryStream();
        raw.CopyTo(whole);
        whole.Position = 0;
        return whole;
    }

    private RewindableStream Guarded(Func<RewindableStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ZstdException)
        {
            throw new RecordFileException($"{Name}: cannot be read to the end: {exception.Message}", exception);
        }
    }
}
