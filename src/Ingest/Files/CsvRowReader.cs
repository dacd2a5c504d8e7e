using AEAnomaly.Detection.Values;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads rows of CSV (RFC 4180) as UTF-8 spans, without allocating for a row.</summary>
/// <remarks>
/// The separator is the one of ',', ';', tab and '|' that occurs most in the first line, outside quotes; ',' when none does. A first line "sep=;", as spreadsheets write it, names it and
/// is skipped. Rows end with LF or CRLF. A cell that begins with a quote, blanks before it or not, ends with one; a doubled quote inside stands for one, and separators and line ends
/// inside are text. A quote elsewhere is text. Lines without any value are skipped when rows have more than one cell: empty ones, and those of separators alone.
/// A byte order mark is skipped.
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

            if (IsSingleColumn || HasValue())
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

    private bool HasValue()
    {
        for (var i = 0; i < CellCount; i++)
        {
            if (_cells[i].Length > 0 && !Blanks.Trim(_input.Available.Slice(_cells[i].Start, _cells[i].Length)).IsEmpty)
                return true;
        }

        return false;
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
            var blanks = BlanksBefore(bytes[at..]);
            if (at + blanks == bytes.Length && blanks > 0 && !_input.IsAtEnd)
                return false;
            var isQuoted = at + blanks < bytes.Length && bytes[at + blanks] == Quote;
            if (isQuoted ? !TryParseQuoted(bytes, blanks, ref at) : !TryParsePlain(bytes, ref at))
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

    private int BlanksBefore(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (count < bytes.Length && (bytes[count] == ' ' || (bytes[count] == '\t' && _separator != '\t')))
            count++;
        return count;
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

    private bool TryParseQuoted(ReadOnlySpan<byte> bytes, int blanks, ref int at)
    {
        var start = at + blanks + 1;
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

        var first = at;
        at = end + 1;
        at += BlanksBefore(bytes[at..]);
        if (at < bytes.Length && bytes[at] == '\r')
        {
            if (at + 1 == bytes.Length && !_input.IsAtEnd)
                return false;
            if (at + 1 == bytes.Length || bytes[at + 1] == '\n')
                at++;
        }

        if (at < bytes.Length && bytes[at] != _separator && bytes[at] != '\n')
        {
            // Behind a blank the quote may be one of the text: a "b" c.
            if (blanks > 0)
            {
                at = first;
                return TryParsePlain(bytes, ref at);
            }

            throw new RecordFileException(
                $"{_name} line {_nextLine + bytes[start..end].Count((byte)'\n')}: column {CellCount + 1} has text after its closing quote; double the quotes that belong to the text.");
        }

        // The end of what was read is the end of the row only at the end of the file.
        if (at == bytes.Length && !_input.IsAtEnd)
            return false;
        _nextLine += bytes[start..end].Count((byte)'\n');
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

        if (TryDeclaredSeparator(out var declared))
            return declared;

        ReadOnlySpan<byte> candidates = ",;\t|"u8;
        Span<int> counts = stackalloc int[candidates.Length];
        var isQuoted = false;
        foreach (var c in _input.Available)
        {
            if (c == Quote)
                isQuoted = !isQuoted;
            if (isQuoted)
                continue;
            if (c == '\n')
                break;
            if (candidates.IndexOf(c) is >= 0 and var candidate)
                counts[candidate]++;
        }

        var most = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[most])
                most = i;
        }

        return candidates[most];
    }

    /// <summary>Takes the line by which a spreadsheet says what it parts cells with.</summary>
    private bool TryDeclaredSeparator(out byte separator)
    {
        var end = _input.Available.IndexOf((byte)'\n');
        var line = end < 0 ? default : _input.Available[..end].TrimEnd((byte)'\r').Trim(Quote);
        separator = line.Length == 5 && line.StartsWith("sep="u8) ? line[4] : (byte)0;
        if (separator == 0)
            return false;
        _input.Consume(end + 1);
        _nextLine = 2;
        return true;
    }

    private readonly record struct Cell(int Start, int Length, bool HasDoubledQuote);
}
