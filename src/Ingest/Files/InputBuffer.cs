namespace AEAnomaly.Ingest.Files;

/// <summary>Holds a sliding part of a stream, so that a row can be parsed in one piece wherever the blocks of the stream end.</summary>
internal sealed class InputBuffer(Stream stream, string name)
{
    private const int InitialBytes = 256 * 1024;

    /// <summary>Longest row that is read: beyond it the file is hardly what it seems (say, a quote that is never closed).</summary>
    private const int MaxRowBytes = 256 * 1024 * 1024;

    private byte[] _bytes = new byte[InitialBytes];
    private int _start;
    private int _end;

    /// <summary>Gets whether the stream has nothing more than <see cref="Available"/>.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Gets the bytes read and not yet consumed; valid until <see cref="Extend"/>.</summary>
    public Span<byte> Available => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Tells whether a line can be read without waiting for the stream.</summary>
    /// <param name="offset">Where it begins in <see cref="Available"/>.</param>
    public bool HasLineAfter(int offset) => IsAtEnd || Available[offset..].Contains((byte)'\n');

    /// <summary>Marks bytes as done with; spans over them stay valid until <see cref="Extend"/>.</summary>
    /// <param name="count">How many.</param>
    public void Consume(int count) => _start += count;

    /// <summary>Reads more behind what is available.</summary>
    /// <returns>False when nothing was left.</returns>
    public bool Extend()
    {
        if (IsAtEnd)
            return false;

        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        if (_end == _bytes.Length)
        {
            if (_bytes.Length >= MaxRowBytes)
                throw new RecordFileException($"{name}: a row is longer than {MaxRowBytes} bytes; is a quote never closed, or is this no text file?");
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        // A row longer than the first buffer is read in doubling steps, since it is parsed anew after each; a short one as soon as it is there.
        var before = _end;
        var isLongRow = _bytes.Length > InitialBytes;
        do
        {
            var read = ReadBlock();
            _end += read;
            IsAtEnd = read == 0;
        }
        while (isLongRow && !IsAtEnd && _end < _bytes.Length);

        return _end > before;
    }

    private int ReadBlock()
    {
        try
        {
            return stream.Read(_bytes, _end, _bytes.Length - _end);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ZstdSharp.ZstdException)
        {
            throw new RecordFileException($"{name}: cannot be read to the end: {exception.Message}", exception);
        }
    }
}
