using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads which rows of a file train and which test, from a file of digits: line i belongs to data row i, digit k of it to split k.</summary>
public static class SplitMask
{
    /// <summary>Reads one split; lines that begin with # and empty lines are skipped.</summary>
    /// <param name="path">File of splits, plain or gzipped.</param>
    /// <param name="digit">Which digit of each line, from 0.</param>
    /// <param name="rows">Rows of the data file, the header not counted.</param>
    /// <returns>For each row whether it trains, <c>[rows]</c>.</returns>
    /// <exception cref="RecordFileException">The file cannot be read, a digit is neither 0 nor 1, or the number of lines is not that of the rows.</exception>
    public static bool[] Read(string path, int digit, int rows)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        var input = new RecordInput(path, standardInput: null);
        var stream = input.Open(isLast: true);
        try
        {
            var mask = new bool[rows];
            var lines = new NdjsonLineReader(new InputBuffer(stream, input.Name));
            var count = 0;
            while (lines.Read())
            {
                if (lines.Text[0] == '#')
                    continue;
                if (count < rows)
                    mask[count] = IsTrainRow(lines.Text, digit, input.Name, lines.Line);
                count++;
            }

            if (count != rows)
                throw new RecordFileException($"{input.Name}: has {count} lines of digits for {rows} data rows; it belongs to other data.");
            return mask;
        }
        finally
        {
            input.Close(stream);
        }
    }

    private static bool IsTrainRow(ReadOnlySpan<byte> line, int digit, string name, long number)
    {
        if (digit >= line.Length)
            throw new RecordFileException($"{name} line {number}: has {line.Length} digits, so none with number {digit} (counted from 0).");
        if (line[digit] is not ((byte)'0' or (byte)'1'))
        {
            throw new RecordFileException(
                $"{name} line {number}: digit {digit} (counted from 0) must be 0 or 1, found {ValueExcerpt.Of(line.Slice(digit, 1))}.");
        }

        return line[digit] == '1';
    }
}
