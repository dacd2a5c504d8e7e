using System.Text;

namespace AEAnomaly.Host.Terminal;

/// <summary>Writes texts for people: a control character within a name or a value is shown as U+FFFD, not sent to the terminal.</summary>
internal sealed class PrintableWriter : TextWriter
{
    private readonly TextWriter _inner;
    private readonly bool _ofLines;

    private PrintableWriter(TextWriter inner, bool ofLines)
    {
        (_inner, _ofLines) = (inner, ofLines);
        CoreNewLine = inner.NewLine.ToCharArray();
    }

    /// <summary>Creates a writer over another, which stays its owner's.</summary>
    public static TextWriter Over(TextWriter inner) => new PrintableWriter(inner, ofLines: false);

    /// <summary>Creates a writer whose lines stay lines, whatever a name or a value in them holds.</summary>
    public static TextWriter OfLinesOver(TextWriter inner) => new PrintableWriter(inner, ofLines: true);

    public override Encoding Encoding => _inner.Encoding;

    public override void Write(char value) => _inner.Write(Printable.Of(value));

    public override void Write(string? value) => _inner.Write(value is null ? null : Printable.Text(value));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine(string? value) => _inner.WriteLine(value is null ? null : _ofLines ? Printable.Line(value) : Printable.Text(value));

    public override void Flush() => _inner.Flush();
}
