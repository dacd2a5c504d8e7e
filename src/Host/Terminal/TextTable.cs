using Spectre.Console;

namespace AEAnomaly.Host.Terminal;

/// <summary>Writes rows in columns that line up: a drawn table on a terminal, plain lines elsewhere.</summary>
internal static class TextTable
{
    private const int WidestColumn = 60;

    /// <summary>Writes a heading and rows of as many cells.</summary>
    /// <param name="output">Where to without a terminal.</param>
    /// <param name="terminal">Terminal, or null.</param>
    /// <param name="heading">Names of the columns.</param>
    /// <param name="rows">Rows.</param>
    public static void Write(TextWriter output, IAnsiConsole? terminal, IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<string>> rows)
    {
        var printable = rows.Select(row => (string[])[.. row.Select(Printable.Line)]).ToArray();
        if (terminal is null)
            WriteLines(output, heading, printable);
        else
            Draw(terminal, heading, printable);
    }

    private static void Draw(IAnsiConsole terminal, IReadOnlyList<string> heading, string[][] rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var name in heading)
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        terminal.Write(table);
    }

    private static void WriteLines(TextWriter output, IReadOnlyList<string> heading, string[][] rows)
    {
        IReadOnlyList<string>[] all = [heading, .. rows];
        var widths = new int[heading.Count];
        foreach (var row in all)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Min(WidestColumn, Math.Max(widths[i], row[i].Length));
        }

        foreach (var row in all)
            output.WriteLine(string.Join("  ", row.Select((cell, i) => i + 1 == row.Count ? cell : cell.PadRight(widths[i]))).TrimEnd());
    }
}
