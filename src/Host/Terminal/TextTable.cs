namespace AEAnomaly.Host.Terminal;

/// <summary>Writes rows in columns that line up.</summary>
internal static class TextTable
{
    private const int WidestColumn = 60;

    /// <summary>Writes a heading and rows of as many cells.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [heading, .. rows.Select(row => (string[])[.. row.Select(Printable.Line)])];
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
