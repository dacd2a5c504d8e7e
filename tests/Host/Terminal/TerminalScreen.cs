using System.Text;
using Spectre.Console;

namespace AEAnomaly.Host.Tests.Terminal;

/// <summary>A terminal that keeps what a person would see: it follows line ends, cursor movements and erasures, and passes colours over.</summary>
internal sealed class TerminalScreen : TextWriter
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _row;
    private int _column;
    private string _sequence = "";

    public TerminalScreen(int width)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(this) });
        Console.Profile.Width = width;
    }

    public IAnsiConsole Console { get; }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Gets the lines as they stand, without blanks at their ends and without empty lines at the end.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var lines = _lines.ConvertAll(line => line.ToString().TrimEnd());
            return lines[..(lines.FindLastIndex(line => line.Length > 0) + 1)];
        }
    }

    public override void Write(char value)
    {
        if (_sequence.Length > 0)
            Continue(value);
        else if (value == '\u001b')
            _sequence = "\u001b";
        else if (value == '\n')
            MoveTo(_row + 1, 0);
        else if (value == '\r')
            _column = 0;
        else
            Put(value);
    }

    private void Put(char value)
    {
        var line = _lines[_row];
        line.Append(' ', Math.Max(0, _column + 1 - line.Length));
        line[_column++] = value;
    }

    private void Continue(char value)
    {
        _sequence += value;
        if (_sequence.Length == 2 || value is < '@' or > '~')
            return;
        var parameter = _sequence[2..^1];
        var count = int.TryParse(parameter, out var number) ? number : 1;
        _sequence = "";
        switch (value)
        {
            case 'A': MoveTo(Math.Max(0, _row - count), _column); break;
            case 'K': Erase(parameter); break;
            case 'm' or 'h' or 'l': break;
            default: throw new InvalidOperationException($"The terminal does not know the sequence '{parameter}{value}'.");
        }
    }

    private void Erase(string parameter)
    {
        var line = _lines[_row];
        if (parameter == "2")
            line.Clear();
        else
            line.Length = Math.Min(line.Length, _column);
    }

    private void MoveTo(int row, int column)
    {
        (_row, _column) = (row, column);
        while (_lines.Count <= row)
            _lines.Add(new StringBuilder());
    }
}
