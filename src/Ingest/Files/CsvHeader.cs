using System.Text;
using System.Text.Unicode;
using AEAnomaly.Detection.Values;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads the header line of a CSV file, and knows which columns it names.</summary>
internal sealed class CsvHeader
{
    private readonly string _name;

    private CsvHeader(string name, string[] columns)
    {
        _name = name;
        Columns = columns;
        Width = Array.FindLastIndex(columns, column => column.Length > 0) + 1;
    }

    /// <summary>Gets the name of each column; empty where it has none.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the cells a row needs: those up to the last column with a name.</summary>
    public int Width { get; }

    /// <summary>Gets the names there are, for messages.</summary>
    public string Names => string.Join(", ", Columns.Where(column => column.Length > 0));

    /// <summary>Gets the positions, from 1, of columns without a name.</summary>
    public IEnumerable<int> Unnamed => Enumerable.Range(1, Columns.Count).Where(position => Columns[position - 1].Length == 0);

    /// <summary>Reads the column names.</summary>
    /// <param name="rows">At its beginning.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="RecordFileException">There is no header, it is no text, or two columns have the same name.</exception>
    public static CsvHeader Read(CsvRowReader rows, string name)
    {
        if (!rows.Read())
            throw new RecordFileException($"{name}: is empty; expected a header line with the column names.");

        var columns = new string[rows.CellCount];
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var (isAllNumbers, hasName) = (true, false);
        for (var i = 0; i < columns.Length; i++)
        {
            var cell = Blanks.Trim(rows[i]);
            if (!Utf8.IsValid(cell))
                throw new RecordFileException($"{name} line {rows.Line}, name of column {i + 1}: {InvalidUtf8(cell)}.");
            columns[i] = Encoding.UTF8.GetString(cell);
            if (cell.IsEmpty)
                continue;
            hasName = true;
            isAllNumbers &= NumberText.TryParse(cell, out _) == ValueStatus.Fine;
            if (!first.TryAdd(columns[i], i))
            {
                throw new RecordFileException(
                    $"{name} line {rows.Line}: columns {first[columns[i]] + 1} and {i + 1} are both called '{ValueExcerpt.Of(cell)}'; rename one.");
            }
        }

        if (!hasName || isAllNumbers)
        {
            throw new RecordFileException(
                $"{name} line {rows.Line}: expected a header line with the column names, found {(hasName ? $"only numbers ({ValueExcerpt.Of(rows[0])} first)" : "only empty cells")}.");
        }

        rows.IsSingleColumn = columns.Length == 1;
        return new CsvHeader(name, columns);
    }

    /// <summary>Says that a cell or a name is no text in UTF-8.</summary>
    /// <param name="bytes">What was found.</param>
    public static string InvalidUtf8(ReadOnlySpan<byte> bytes) => $"not valid UTF-8, found {ValueExcerpt.Of(bytes)}; save the file as UTF-8 (perhaps it is Latin-1 or Windows-1252)";

    /// <summary>Finds a column.</summary>
    /// <returns>Its index, or -1.</returns>
    public int Find(string column)
    {
        for (var i = 0; i < Columns.Count && column.Length > 0; i++)
        {
            if (Columns[i] == column)
                return i;
        }

        return -1;
    }

    /// <summary>Tells whether a row has the cells of the header; a separator at its end, or cells of columns without a name, may be missing or more.</summary>
    /// <param name="rows">At the row.</param>
    public bool Fits(CsvRowReader rows)
    {
        if (rows.CellCount == Columns.Count)
            return true;
        if (rows.CellCount < Width)
            return false;
        for (var i = Columns.Count; i < rows.CellCount; i++)
        {
            if (!Blanks.Trim(rows[i]).IsEmpty)
                return false;
        }

        return true;
    }

    /// <summary>Says that a row has other cells than the header.</summary>
    /// <param name="rows">At the row.</param>
    public string Misfit(CsvRowReader rows)
    {
        var hint = Columns.Count == 1 && rows.CellCount > 1 ? $"; is line 1 a title above the header ({ValueExcerpt.Of(Encoding.UTF8.GetBytes(Columns[0]))})? Remove it" : "";
        return $"{_name} line {rows.Line}: expected {Columns.Count} cells as in the header, found {rows.CellCount}{hint}";
    }
}
