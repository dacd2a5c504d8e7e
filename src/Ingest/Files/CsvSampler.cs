using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Takes the first rows of a CSV file as they are written.</summary>
internal static class CsvSampler
{
    public static IReadOnlyList<SampleColumn> Sample(InputBuffer input, string name, int maxRows)
    {
        var rows = new CsvRowReader(input, name);
        var columns = CsvHeader.Read(rows, name);
        var values = columns.Select(_ => new List<SampleValue>()).ToArray();
        for (var row = 0; row < maxRows && rows.Read(); row++)
        {
            if (rows.CellCount != columns.Length)
                throw new RecordFileException($"{name} line {rows.Line}: expected {columns.Length} cells as in the header, found {rows.CellCount}.");
            for (var column = 0; column < columns.Length; column++)
                values[column].Add(Classify(rows[column]));
        }

        return [.. columns.Zip(values, (column, sampled) => new SampleColumn(column, sampled))];
    }

    private static SampleValue Classify(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
            return new SampleValue(SampleValueKind.Missing, "");
        var kind = SampleValueKind.Text;
        if (NumberText.TryParse(cell, out _) == ValueStatus.Fine)
            kind = SampleValueKind.Number;
        else if (Ascii.EqualsIgnoreCase(cell, "true"u8) || Ascii.EqualsIgnoreCase(cell, "false"u8))
            kind = SampleValueKind.Boolean;
        return new SampleValue(kind, Encoding.UTF8.GetString(cell));
    }
}
