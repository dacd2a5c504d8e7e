using System.Text;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads the header line of a CSV file.</summary>
internal static class CsvHeader
{
    /// <summary>Reads the column names.</summary>
    /// <param name="rows">At its beginning.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="RecordFileException">There is no header, or two columns have the same name.</exception>
    public static string[] Read(CsvRowReader rows, string name)
    {
        if (!rows.Read())
            throw new RecordFileException($"{name}: is empty; expected a header line with the column names.");

        var columns = new string[rows.CellCount];
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var isAllNumbers = true;
        for (var i = 0; i < columns.Length; i++)
        {
            isAllNumbers &= NumberText.TryParse(rows[i], out _) == ValueStatus.Fine;
            columns[i] = Encoding.UTF8.GetString(rows[i]).Trim();
            if (!first.TryAdd(columns[i], i))
            {
                throw new RecordFileException(
                    $"{name} line {rows.Line}: columns {first[columns[i]] + 1} and {i + 1} are both called '{columns[i]}'; rename one.");
            }
        }

        if (isAllNumbers)
        {
            throw new RecordFileException(
                $"{name} line {rows.Line}: expected a header line with the column names, found only numbers ({ValueExcerpt.Of(rows[0])} first).");
        }

        rows.IsSingleColumn = columns.Length == 1;
        return columns;
    }
}
