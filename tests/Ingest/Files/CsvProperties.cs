using System.Text;
using AEAnomaly.Ingest.Files;
using CsCheck;

namespace AEAnomaly.Ingest.Tests.Files;

/// <summary>Holds the reader of CSV to what was written (RFC 4180). A failure names the seed that repeats it.</summary>
public sealed class CsvProperties
{
    private static readonly Gen<string> Cell = Gen.OneOf(
        Gen.Char["abc0123456789.-\u00e9\u4e2d"].Array[1, 12].Select(text => new string(text)),
        Gen.Char["ab \"\",;\t|\n\r'"].Array[1, 300].Select(text => new string(text)));

    private static readonly Gen<(string[][] Table, char Separator, string LineEnd, bool HasMark)> Table =
        from columns in Gen.Int[2, 9]
        from table in Cell.Array[columns].Array[1, 40]
        from separator in Gen.Char[",;\t|"]
        from lineEnd in Gen.OneOf("\n", "\r\n")
        from hasMark in Gen.Bool
        select (table, separator, lineEnd, hasMark);

    [Fact]
    public void Read_WrittenTable_ComesBackCellByCell() =>
        Table.Sample(x =>
        {
            // The first line tells which separator it is.
            var header = string.Join(x.Separator, x.Table[0].Select((_, i) => $"c{i}"));
            var lines = x.Table.Select(row => string.Join(x.Separator, row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
            var text = (x.HasMark ? "\ufeff" : "") + header + x.LineEnd + string.Join(x.LineEnd, lines);
            var rows = new CsvRowReader(new InputBuffer(new MemoryStream(Encoding.UTF8.GetBytes(text)), "table.csv"), "table.csv");

            Assert.True(rows.Read());
            Assert.Equal(x.Table[0].Length, rows.CellCount);
            // A line of blanks alone is none.
            foreach (var row in x.Table.Where(row => row.Any(cell => cell.Trim(' ', '\t', '\r', '\n').Length > 0)))
            {
                do
                    Assert.True(rows.Read());
                while (IsBlank(rows));
                Assert.Equal(row, Enumerable.Range(0, rows.CellCount).Select(i => Encoding.UTF8.GetString(rows[i])));
            }

            while (rows.Read())
                Assert.True(IsBlank(rows));
        });

    [Fact]
    public void Read_AnyBytes_EndsAndTakesEveryByte() =>
        Gen.OneOf(Gen.Byte.Array[0, 400], Gen.Char["a,;\"\n\r "].Array[0, 400].Select(text => Encoding.UTF8.GetBytes(text))).Sample(bytes =>
        {
            var rows = new CsvRowReader(new InputBuffer(new MemoryStream(bytes), "table.csv"), "table.csv");
            try
            {
                for (var line = 0L; rows.Read(); line = rows.Line)
                    Assert.True(rows.Line > line && rows.CellCount > 0, $"line {rows.Line} after {line}");
            }
            catch (RecordFileException e)
            {
                Assert.Contains("table.csv", e.Message, StringComparison.Ordinal);
            }
        });

    private static bool IsBlank(CsvRowReader rows) =>
        Enumerable.Range(0, rows.CellCount).All(i => Encoding.UTF8.GetString(rows[i]).Trim(' ', '\t', '\r', '\n').Length == 0);
}
