using System.Buffers;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads the JSON values of a file one by one: one a line, or, where the beginning shows it, the elements of an array or objects that span lines or share one.</summary>
/// <remarks>
/// One a line is what is expected and what survives a broken line; only a file that begins with a bracket, with an object that goes on in the next line, or with a second object in the
/// first line is read by matching brackets.
/// </remarks>
internal sealed class JsonValueReader
{
    private const byte RecordSeparator = 0x1E;
    private static readonly SearchValues<byte> Between = SearchValues.Create(" \t\r\n,]\u001E"u8);

    private readonly InputBuffer _input;
    private readonly NdjsonLineReader? _lines;
    private long _line = 1;
    private int _length;
    private int _pending;

    public JsonValueReader(InputBuffer input)
    {
        _input = input;
        CsvRowReader.SkipByteOrderMark(input);
        _lines = SpansLines() ? null : new NdjsonLineReader(input);
    }

    /// <summary>Gets the line where the value begins, from 1.</summary>
    public long Line => _lines?.Line ?? _line;

    /// <summary>Gets the value; valid until <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Text => _lines is { } lines ? lines.Text : _input.Available[.._length];

    /// <summary>Gets how many bytes of the input the value takes; they are consumed when the next one is read.</summary>
    public int PendingBytes => _lines?.PendingBytes ?? _pending;

    /// <summary>Moves to the next value.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read() => _lines?.Read() ?? ReadValue();

    private bool ReadValue()
    {
        Skip(_pending);
        _pending = _length = 0;
        if (!TrySkipBetween())
            return false;

        var scan = default(JsonBracketScan);
        while (!scan.TryFinish(_input.Available) && _input.Extend())
        {
        }

        _length = _pending = scan.Length;
        return true;
    }

    /// <summary>Skips what stands between values: blanks, commas, the brackets of the array around them all, record separators.</summary>
    private bool TrySkipBetween()
    {
        while (true)
        {
            var bytes = _input.Available;
            var at = bytes.IndexOfAnyExcept(Between);
            if (at >= 0 && bytes[at] == '[' && IsOuter(bytes[(at + 1)..]))
            {
                Skip(at + 1);
                continue;
            }

            Skip(at < 0 ? bytes.Length : at);
            if (at >= 0)
                return true;
            if (!_input.Extend())
                return false;
        }
    }

    // The bracket of the array around all values; [1, 2] is a value, and a bad one.
    private static bool IsOuter(ReadOnlySpan<byte> inside)
    {
        var at = inside.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 || inside[at] is (byte)'{' or (byte)']';
    }

    private void Skip(int count)
    {
        _line += _input.Available[..count].Count((byte)'\n');
        _input.Consume(count);
    }

    private bool SpansLines()
    {
        if (FirstAfter(0) is not { } start)
            return false;
        var first = _input.Available[start];
        if (first is (byte)'[' or RecordSeparator)
            return true;
        if (first != '{')
            return false;

        while (!_input.Available[start..].Contains((byte)'\n') && _input.Extend())
        {
        }

        var end = _input.Available[start..].IndexOf((byte)'\n');
        var line = (end < 0 ? _input.Available[start..] : _input.Available.Slice(start, end)).TrimEnd(" \t\r"u8);
        var scan = default(JsonBracketScan);
        if (scan.TryFinish(line))
            return line[scan.Length..].TrimStart(" \t"u8) is [(byte)',' or (byte)'{', ..];

        // A line that was cut off is followed by a whole one; an object that spans lines goes on.
        var endsWithColon = line.EndsWith(":"u8);
        return !scan.IsInText && end >= 0 && FirstAfter(start + end) is { } next && (_input.Available[next] != '{' || endsWithColon);
    }

    private int? FirstAfter(int position)
    {
        while (true)
        {
            var at = _input.Available[position..].IndexOfAnyExcept(" \t\r\n"u8);
            if (at >= 0)
                return position + at;
            if (!_input.Extend())
                return null;
        }
    }
}
