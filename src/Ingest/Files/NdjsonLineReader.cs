namespace AEAnomaly.Ingest.Files;

/// <summary>Reads lines as UTF-8 spans; lines of blanks only are skipped, a byte order mark too.</summary>
internal sealed class NdjsonLineReader
{
    private readonly InputBuffer _input;
    private int _lineLength;

    public NdjsonLineReader(InputBuffer input)
    {
        _input = input;
        CsvRowReader.SkipByteOrderMark(input);
    }

    /// <summary>Gets the line number, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Gets the line without its end; valid until <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Text => _input.Available[.._lineLength];

    /// <summary>Gets how many bytes of the input the line takes; they are consumed when the next one is read.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Moves to the next line.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        do
        {
            _input.Consume(PendingBytes);
            PendingBytes = 0;
            int length;
            while ((length = _input.Available.IndexOf((byte)'\n')) < 0 && _input.Extend())
            {
            }

            if (length < 0 && _input.Available.IsEmpty)
                return false;

            Line++;
            PendingBytes = length < 0 ? _input.Available.Length : length + 1;
            var text = _input.Available[..(length < 0 ? PendingBytes : length)].TrimEnd(" \t\r"u8);
            _lineLength = text.Length;
        }
        while (_lineLength == 0);

        return true;
    }
}
