namespace AEAnomaly.Ingest.Files;

/// <summary>Reads a text whose lines end with CR alone, as old spreadsheets on a Mac wrote them, as if they ended with LF.</summary>
internal sealed class LineEndStream(Stream inner) : ReadOnlyStream
{
    /// <summary>Tells whether the lines of a text end with CR alone.</summary>
    /// <param name="start">Its first bytes.</param>
    public static bool IsNeeded(ReadOnlySpan<byte> start) => !start.Contains((byte)'\n') && start.Length > 1 && start[..^1].Contains((byte)'\r');

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        buffer[..count].Replace((byte)'\r', (byte)'\n');
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
