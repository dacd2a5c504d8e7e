namespace AEAnomaly.Ingest.Files;

/// <summary>Lets the beginning of a stream that cannot seek be read again: to recognise a format, or to sample standard input before it is read.</summary>
internal sealed class RewindableStream(Stream inner) : ReadOnlyStream
{
    private readonly MemoryStream _kept = new();

    /// <summary>Gets whether what was kept still begins at the first byte.</summary>
    public bool CanRewind { get; private set; } = true;

    /// <summary>Starts again at the first byte.</summary>
    /// <param name="keep">Whether to keep what is read now, so that one more start is possible.</param>
    public void Rewind(bool keep)
    {
        _kept.Position = 0;
        CanRewind = keep;
    }

    /// <summary>Reads the first bytes and starts again; waits for no more than it must, since a pipe may never fill a block.</summary>
    /// <param name="atLeast">How many unless the stream is shorter.</param>
    /// <param name="atMost">How many at most.</param>
    public byte[] Peek(int atLeast, int atMost)
    {
        var bytes = new byte[atMost];
        var read = 0;
        int block;
        while (read < atLeast && (block = Read(bytes, read, atMost - read)) > 0)
            read += block;
        Rewind(keep: true);
        return bytes[..read];
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_kept.Position < _kept.Length)
            return _kept.Read(buffer);

        var read = inner.Read(buffer);
        if (CanRewind)
            _kept.Write(buffer[..read]);
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _kept.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
