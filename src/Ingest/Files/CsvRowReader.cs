namespace AEAnomaly.Ingest.Files;

/// <summary>Reads rows of CSV (RFC 4180) as UTF-8 spans, without allocating for a row.</summary>
/// <remarks>
/// The separator is the one of ',', ';' and tab that occurs most in the first line, outside quotes; ',' when none does. Rows end with LF or CRLF. A cell that
/// begins with a quote ends with one; a doubled quote inside stands for one, and separators and line ends inside are text. A quote elsewhere is text. Lines without
/// any character are skipped when rows have more than one cell. A byte order mark is skipped.
/// </remarks>
internal sealed class CsvRowReader
{
    private const byte Quote = (byte)'"';

    private readonly InputBuffer _input;
    private readonly string _name;
    private readonly byte _separator;
    private Cell[] _cells = new Cell[64];
    private byte[] _unquoted = new byte[256];
    private long _nextLine = 1;

    public CsvRowReader(InputBuffer input, string name)
    {
        _input = input;
        _name = name;
        SkipByteOrderMark(input);
        _separator = DetectSeparator();
    }

    /// <summary>Gets the number of cells of the row.</summary>
    public int CellCount { get; private set; }

    /// <summary>Gets the line where the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Gets or sets whether rows have one cell, so that an empty line is a row whose cell is missing.</summary>
    public bool IsSingleColumn { get; set; }

    /// <summary>Gets how many bytes of the input the row takes; they are consumed when the next one is read.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Gets a cell of the row without its quotes; valid until the next one is asked for.</summary>
    /// <param name="index">From 0.</param>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var cell = _cells[index];
            var bytes = _input.Available.Slice(cell.Start, cell.Length);
            return cell.HasDoubledQuote ? Undouble(bytes) : bytes;
        }
    }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        while (true)
        {
            _input.Consume(PendingBytes);
            PendingBytes = 0;
            Line = _nextLine;
            while (!TryParseRow())
            {
                if (!_input.Extend() && _input.Available.IsEmpty)
                    return false;
            }

            if (CellCount > 1 || _cells[0].Length > 0 || IsSingleColumn)
                return true;
        }
    }

    /// <summary>Skips a UTF-8 byte order mark.</summary>
    internal static void SkipByteOrderMark(InputBuffer input)
    {
        while (input.Available.Length < 3 && input.Extend())
        {
        }

        if (input.Available.StartsWith("\uFEFF"u8))
            input.Consume(3);
    }

    /// <summary>Parses the row at the beginning of what is available.</summary>
    /// <returns>False when the row may go on beyond it.</returns>
    private bool TryParseRow()
    {
        var bytes = _input.Available;
        if (bytes.IsEmpty)
            return false;

        CellCount = 0;
        _nextLine = Line;
        var at = 0;
        while (true)
        {
            var isQuoted = at < bytes.Length && bytes[at] == Quote;
            if (isQuoted ? !TryParseQuoted(bytes, ref at) : !TryParsePlain(bytes, ref at))
                return false;

            if (at == bytes.Length)
                break;
            if (bytes[at++] == '\n')
            {
                _nextLine++;
                break;
            }
        }

        PendingBytes = at;
        return true;
    }

    /// <summary>Parses a cell up to its separator or line end; <paramref name="at"/> stays on that.</summary>
    private bool TryParsePlain(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = bytes[at..].IndexOfAny(_separator, (byte)'\n');
        if (length < 0)
        {
            if (!_input.IsAtEnd)
                return false;
            length = bytes.Length - at;
        }

        var end = at + length;
        var isLast = end == bytes.Length || bytes[end] == '\n';
        AddCell(at, isLast && length > 0 && bytes[end - 1] == '\r' ? length - 1 : length, false);
        at = end;
        return true;
    }

    private bool TryParseQuoted(ReadOnlySpan<byte> bytes, ref int at)
    {
        var start = at + 1;
        var hasDoubledQuote = false;
        var end = start;
        while (true)
        {
            var length = bytes[end..].IndexOf(Quote);
            if (length < 0)
            {
                if (_input.IsAtEnd)
                    throw new RecordFileException($"{_name} line {Line}: column {CellCount + 1} begins with a quote that is never closed.");
                return false;
            }

            end += length;
            if (end + 1 == bytes.Length && !_input.IsAtEnd)
                return false;
            if (end + 1 == bytes.Length || bytes[end + 1] != Quote)
                break;
            hasDoubledQuote = true;
            end += 2;
        }

        _nextLine += bytes[start..end].Count((byte)'\n');
        at = end + 1;
        if (at < bytes.Length && bytes[at] == '\r')
        {
            if (at + 1 == bytes.Length && !_input.IsAtEnd)
                return false;
            if (at + 1 == bytes.Length || bytes[at + 1] == '\n')
                at++;
        }

        if (at < bytes.Length && bytes[at] != _separator && bytes[at] != '\n')
        {
            throw new RecordFileException(
                $"{_name} line {_nextLine}: column {CellCount + 1} has text after its closing quote; double the quotes that belong to the text.");
        }

        // The end of what was read is the end of the row only at the end of the file.
        if (at == bytes.Length && !_input.IsAtEnd)
            return false;
        AddCell(start, end - start, hasDoubledQuote);
        return true;
    }

    private void AddCell(int start, int length, bool hasDoubledQuote)
    {
        if (CellCount == _cells.Length)
            Array.Resize(ref _cells, _cells.Length * 2);
        _cells[CellCount++] = new Cell(start, length, hasDoubledQuote);
    }

    private ReadOnlySpan<byte> Undouble(ReadOnlySpan<byte> cell)
    {
        if (_unquoted.Length < cell.Length)
            _unquoted = new byte[Math.Max(cell.Length, _unquoted.Length * 2)];
        var written = 0;
        for (var i = 0; i < cell.Length; i++)
        {
            _unquoted[written++] = cell[i];
            if (cell[i] == Quote)
                i++;
        }

        return _unquoted.AsSpan(0, written);
    }

    private byte DetectSeparator()
    {
        while (!_input.Available.Contains((byte)'\n') && _input.Extend())
        {
        }

        int commas = 0, semicolons = 0, tabs = 0;
        var isQuoted = false;
        foreach (var c in _input.Available)
        {
            if (c == Quote)
                isQuoted = !isQuoted;
            if (isQuoted)
                continue;
            if (c == '\n')
                break;
            commas += c == ',' ? 1 : 0;
            semicolons += c == ';' ? 1 : 0;
            tabs += c == '\t' ? 1 : 0;
        }

        if (commas >= semicolons && commas >= tabs)
            return (byte)',';
        return semicolons >= tabs ? (byte)';' : (byte)'\t';
    }

    private readonly record struct Cell(int Start, int Length, bool HasDoubledQuote);
}
