using System.Globalization;
using System.Text;
using System.Text.Unicode;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Values;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Takes the first rows of a CSV file as they are written.</summary>
internal static class CsvSampler
{
    public static RecordSample Sample(InputBuffer input, string name, int maxRows, RowErrorHandling errorHandling)
    {
        var rows = new CsvRowReader(input, name);
        var header = CsvHeader.Read(rows, name);
        var values = header.Columns.Select(_ => new List<SampleValue>()).ToArray();
        var filled = new int[values.Length];
        var errors = new List<RowError>();
        var row = 0;
        for (; row - errors.Count < maxRows && rows.Read(); row++)
        {
            if (Problem(rows, header, name) is not { } problem)
                Add(rows, header, values, filled);
            else if (errorHandling == RowErrorHandling.Fail)
                throw new RecordFileException(problem.Message + ".") { IsBadRow = true };
            else
                errors.Add(new RowError(rows.Line, row, problem));
        }

        if (row == 0)
            throw new RecordFileException($"{name}: has a header and no rows; expected at least one row of values.");
        if (row == errors.Count)
            throw new RecordFileException($"{name}: none of its first {row} rows can be read; the first: {errors[0].Error.Message}.");
        IReadOnlyList<SampleColumn> columns = [.. header.Columns.Zip(values, (column, sampled) => new SampleColumn(column, sampled)).Where(column => column.Path.Length > 0)];
        return new RecordSample(columns, errors, [.. header.Unnamed.Select(position => Unnamed(position, filled[position - 1], row - errors.Count, name))]);
    }

    private static DecodeError? Problem(CsvRowReader rows, CsvHeader header, string name)
    {
        if (!header.Fits(rows))
            return new DecodeError(DecodeReasons.Malformed, null, header.Misfit(rows));
        for (var column = 0; column < header.Width; column++)
        {
            if (!Utf8.IsValid(rows[column]) && header.Columns[column].Length > 0)
                return new DecodeError(DecodeReasons.InvalidUtf8, header.Columns[column], $"{name} line {rows.Line} column '{header.Columns[column]}': {CsvHeader.InvalidUtf8(rows[column])}");
        }

        return null;
    }

    private static void Add(CsvRowReader rows, CsvHeader header, List<SampleValue>[] values, int[] filled)
    {
        for (var column = 0; column < values.Length; column++)
        {
            var value = column < rows.CellCount ? Classify(rows[column]) : new SampleValue(SampleValueKind.Missing, "");
            filled[column] += value.Kind == SampleValueKind.Missing ? 0 : 1;
            if (header.Columns[column].Length > 0)
                values[column].Add(value);
        }
    }

    private static string Unnamed(int position, int filled, int rows, string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: column {position} has no name and is left out ({(filled == 0 ? "it is empty" : $"{filled:N0} of {rows:N0} rows have a value there; name it in the header to have it read")})");

    private static SampleValue Classify(ReadOnlySpan<byte> cell)
    {
        cell = Blanks.Trim(cell);
        if (cell.IsEmpty)
            return new SampleValue(SampleValueKind.Missing, "");
        var kind = SampleValueKind.Text;
        if (NumberText.IsJsonNumber(cell) && NumberText.TryParse(cell, out _) == ValueStatus.Fine)
            kind = SampleValueKind.Number;
        else if (Ascii.EqualsIgnoreCase(cell, "true"u8) || Ascii.EqualsIgnoreCase(cell, "false"u8))
            kind = SampleValueKind.Boolean;
        return new SampleValue(kind, Encoding.UTF8.GetString(cell));
    }
}
