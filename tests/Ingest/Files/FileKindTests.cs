using System.IO.Compression;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Ingest.Tests.Files;

/// <summary>What a file is, is told by its content: read where it can be, named where it cannot.</summary>
public sealed class FileKindTests : IDisposable
{
    private const string Content = "card,amount,note\na,1.5,x\nb,,\u00FC\n";
    private const string Expected = "a|1.5|x b|-|\u00FC";

    private static readonly FeatureSpec Spec = new(
    [
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
        new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "note", Kind = FieldKind.Categorical },
    ]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aeanomaly-kinds-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    public void ReadAll_UnicodeOfAnyWidth_IsRead(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);

        Assert.Equal(Expected, Read("data.csv", [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Content)]));
        Assert.Equal(Expected, Read("data.csv.gz", Gzip([.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Content)])));
    }

    [Theory]
    [InlineData("data.csv.zst")]
    [InlineData("data.csv")]
    [InlineData("data")]
    public void ReadAll_Zstd_IsReadWhateverItIsCalled(string name)
    {
        using var compressor = new ZstdSharp.Compressor();

        Assert.Equal(Expected, Read(name, compressor.Wrap(Encoding.UTF8.GetBytes(Content)).ToArray()));
    }

    [Fact]
    public void ReadAll_TruncatedZstd_IsRefused()
    {
        using var compressor = new ZstdSharp.Compressor();
        var whole = compressor.Wrap(Encoding.UTF8.GetBytes("card,amount,note\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"c{i * 7919 % 5000},{i * 31},n{i}\n")))).ToArray();

        Assert.Contains(": cannot be read to the end: ", Refuse("data.csv.zst", whole[..(whole.Length / 2)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.csv")]
    [InlineData("data.txt")]
    public void ReadAll_LinesThatEndWithCarriageReturnAlone_AreLines(string name) =>
        Assert.Equal(Expected, Read(name, Encoding.UTF8.GetBytes(Content.Replace('\n', '\r'))));

    [Theory]
    [InlineData("card|amount|note\na|1.5|x\nb||\u00FC\n")]
    [InlineData("card\tamount\tnote\na\t1.5\tx\nb\t\t\u00FC\n")]
    [InlineData("sep=;\r\ncard;amount;note\r\na;1.5;x\r\nb;;\u00FC\r\n")]
    [InlineData("sep=|\ncard|amount|note\na|1.5|x\nb||\u00FC\n")]
    [InlineData("\"sep=,\"\ncard,amount,note\na,1.5,x\nb,,\u00FC\n")]
    [InlineData("\uFEFFsep=;\ncard;amount;note\na;1.5;x\nb;;\u00FC\n")]
    [InlineData("card, amount, note\na, 1.5, x\nb, , \u00FC\n")]
    [InlineData("card ,amount ,note \na ,1.5 ,x \nb , ,\u00FC \n")]
    [InlineData("card,\tamount,\u00A0note\na,\t1.5,\u00A0x\nb,\t,\u00A0\u00FC\n")]
    [InlineData("card, \"amount\" , note\n \"a\" , \"1.5\", \"x\"\nb, \"\",\u00FC\n")]
    [InlineData("card,amount,note\n,,\na,1.5,x\n , ,\t\nb,,\u00FC\n\"\",\"\",\n")]
    [InlineData(",card,amount,note,,\n0,a,1.5,x,,\n1,b,,\u00FC,,\n")]
    [InlineData("card,amount,note,\na,1.5,x\nb,,\u00FC\n")]
    [InlineData("card,amount,note\na,1.5,x,\nb,,\u00FC,,\n")]
    public void ReadAll_TableAsPeopleLayItOut_IsRead(string content) => Assert.Equal(Expected, Read("data.csv", Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void ReadAll_QuoteBehindABlank_MayBelongToTheText() =>
        Assert.Equal("a|1|\"x\" y", Read("data.csv", "card,amount,note\na,1, \"x\" y\n"u8.ToArray()));

    [Theory]
    [InlineData("""[{"card":"a","amount":1.5,"note":"x"},{"card":"b","note":"\u00fc"}]""")]
    [InlineData("""[ {"card":"a","amount":1.5,"note":"x"} , {"card":"b","note":"\u00fc"} ] """)]
    [InlineData("[\n{\"card\":\"a\",\"amount\":1.5,\"note\":\"x\"},\n{\"card\":\"b\",\"note\":\"\u00FC\"}\n]\n")]
    [InlineData("[\n  {\n    \"card\": \"a\",\n    \"amount\": 1.5,\n    \"note\": \"x\"\n  },\n  {\n    \"card\": \"b\",\n    \"note\": \"\u00FC\"\n  }\n]")]
    [InlineData("{\n  \"card\": \"a\",\n  \"amount\": 1.5,\n  \"note\": \"x\"\n}\n{\n  \"card\": \"b\",\n  \"note\": \"\u00FC\"\n}\n")]
    [InlineData("{\"card\": \"a\",\n \"amount\": 1.5, \"note\": \"x\"}\n{\"card\": \"b\",\n \"note\": \"\u00FC\"}")]
    [InlineData("{\"card\":\"a\",\"amount\":1.5,\"note\":\"x\"}{\"card\":\"b\",\"note\":\"\u00FC\"}")]
    [InlineData("{\"card\":\"a\",\"amount\":1.5,\"note\":\"x\"},\n{\"card\":\"b\",\"note\":\"\u00FC\"}")]
    [InlineData("\u001E{\"card\":\"a\",\"amount\":1.5,\"note\":\"x\"}\n\u001E{\"card\":\"b\",\"note\":\"\u00FC\"}\n")]
    [InlineData("\uFEFF{\"card\":\"a\",\"amount\":1.5,\"note\":\"x\"}\r\n{\"card\":\"b\",\"note\":\"\u00FC\"}\r\n")]
    [InlineData("{\"card\":\"a\",\"amount\":1.5,\"note\":\"x\"}\r{\"card\":\"b\",\"note\":\"\u00FC\"}\r")]
    public void ReadAll_JsonObjectsHoweverTheyStand_AreRead(string content)
    {
        Assert.Equal(Expected, Read("data.json", Encoding.UTF8.GetBytes(content)));
        Assert.Equal(Expected, Read("data", Encoding.UTF8.GetBytes(content)));
    }

    [Fact]
    public void ReadAll_BrokenFirstLine_LeavesTheOthersLines()
    {
        var batch = new RecordBatch(Spec, 1);

        var errors = new RecordFile(Write("data.ndjson", "{\"card\":\"a\",\"amount\":1,\"no\n{\"card\":\"b\"}\n"u8.ToArray())).ReadAll(Spec, batch, RowErrorHandling.Report);

        Assert.Equal("b|-|-", Show(batch));
        Assert.Equal(1, Assert.Single(errors).Line);
    }

    [Fact]
    public void ReadAll_ArrayWithABadElement_NamesItsLine()
    {
        var batch = new RecordBatch(Spec, 1);

        var errors = new RecordFile(Write("data.json", "[\n{\"card\":\"a\"},\n17,\n{\"card\":\"b\",\"amount\":\"}x\"},\n{\"card\":\"c\"}]"u8.ToArray())).ReadAll(Spec, batch, RowErrorHandling.Report);

        Assert.Equal("a|-|- c|-|-", Show(batch));
        Assert.Equal([3L, 4L], errors.Select(error => error.Line));
    }

    [Fact]
    public void Sample_OneObjectAroundTheRecords_IsNamed() =>
        Assert.EndsWith(
            ": holds one JSON object, whose 'data.rows' is a list; expected an object for each record, one a line or all in one array: take the list out of the object.",
            Assert.Throws<RecordFileException>(() => new RecordFile(Write("data.json", "{\"data\": {\n\"rows\": [{\"a\":1},{\"a\":2}]}}"u8.ToArray())).Sample(10)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { (byte)'B', (byte)'Z', (byte)'h', (byte)'9', 0x31, 0x41 }, "is compressed with bzip2; unpack it first (bunzip2), or compress it with gzip or zstd.")]
    [InlineData(new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0 }, "is compressed with xz; unpack it first (unxz), or compress it with gzip or zstd.")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, (byte)'x', (byte)'l', (byte)'/' }, "is a spreadsheet (xlsx, a ZIP archive); save it as CSV (UTF-8).")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, (byte)'a', (byte)'.', (byte)'c' }, "is a ZIP archive; unpack it first.")]
    [InlineData(new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }, "is a spreadsheet (xls, the old binary form); save it as CSV (UTF-8).")]
    [InlineData(new byte[] { (byte)'O', (byte)'b', (byte)'j', 1, 4 }, "is an Avro container file; write it as Parquet, CSV or one JSON object a line.")]
    [InlineData(new byte[] { (byte)'a', (byte)',', 0, 1, 2 }, "is no text: byte 2 is 0; expected CSV, JSON objects or Parquet.")]
    public void Open_WhatIsNoText_IsNamedWithWhatToDo(byte[] content, string message)
    {
        var path = Write("data.csv", content);

        Assert.Equal($"{path}: {message}", Assert.Throws<RecordFileException>(() => new RecordFile(path)).Message);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html></html>", "is a web page (HTML), perhaps one that asks for a login; look at it, and fetch the data itself.")]
    [InlineData("<?xml version=\"1.0\"?><a/>", "is XML; write it as CSV or one JSON object a line.")]
    public void Open_Markup_IsNamed(string content, string message) => Assert.EndsWith(": " + message, Refuse("data.csv", Encoding.UTF8.GetBytes(content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("card,gr\u00F6\u00DFe,note\na,1,x\n", "line 1, name of column 2: not valid UTF-8, found gr\uFFFD\uFFFDe; save the file as UTF-8 (perhaps it is Latin-1 or Windows-1252).")]
    [InlineData("card,amount,note\na,1,B\u00FCcher\n", "line 2 column 'note': not valid UTF-8, found B\uFFFDcher; save the file as UTF-8 (perhaps it is Latin-1 or Windows-1252).")]
    [InlineData("card;amount;note\n\u00E9;1;x\n", "line 2 column 'card': not valid UTF-8, found \uFFFD; save the file as UTF-8 (perhaps it is Latin-1 or Windows-1252).")]
    public void SampleAndReadAll_Latin1_SayTheSame(string content, string message)
    {
        var path = Write("data.csv", Encoding.Latin1.GetBytes(content));

        Assert.Equal($"{path} {message}", Assert.Throws<RecordFileException>(() => new RecordFile(path).Sample(10)).Message);
        Assert.Equal($"{path} {message}", Assert.Throws<RecordFileException>(() => new RecordFile(path).ReadAll(Spec, new RecordBatch(Spec, 1))).Message);
    }

    [Theory]
    [InlineData("card,amount,note\n")]
    [InlineData("card,amount,note")]
    [InlineData("card;amount;note\r\n;;\r\n")]
    public void Sample_HeaderAlone_IsNamed(string content) =>
        Assert.EndsWith(
            ": has a header and no rows; expected at least one row of values.",
            Assert.Throws<RecordFileException>(() => new RecordFile(Write("data.csv", Encoding.UTF8.GetBytes(content))).Sample(10)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Sample_ColumnsWithoutAName_AreLeftOutWithAWord()
    {
        var path = Write("data.csv", ",a,,b\n0,1,,x\n1,2,,y\n"u8.ToArray());

        var sample = new RecordFile(path).Sample(10);

        Assert.Equal(["a", "b"], sample.Columns.Select(column => column.Path));
        Assert.Equal(
            [$"{path}: column 1 has no name and is left out (2 of 2 rows have a value there; name it in the header to have it read)", $"{path}: column 3 has no name and is left out (it is empty)"],
            sample.Notes);
    }

    [Fact]
    public void Sample_Report_LeavesBadRowsOutAndNamesThem()
    {
        var csv = new RecordFile(Write("data.csv", "a,b\n1,2\n3\n5,6\n"u8.ToArray())).Sample(10, RowErrorHandling.Report);
        var json = new RecordFile(Write("data.ndjson", "{\"a\":1}\n{broken\n{\"a\":2}\n"u8.ToArray())).Sample(10, RowErrorHandling.Report);

        Assert.Equal((2, 3L), (csv.Rows, Assert.Single(csv.Errors).Line));
        Assert.Equal((2, 2L), (json.Rows, Assert.Single(json.Errors).Line));
    }

    [Fact]
    public void ReadAll_TitleAboveTheHeader_IsNamed() =>
        Assert.EndsWith(
            " line 2: expected 1 cells as in the header, found 3; is line 1 a title above the header (Payments of March)? Remove it.",
            Assert.Throws<RecordFileException>(() => new RecordFile(Write("data.csv", "Payments of March\ncard,amount,note\na,1,x\n"u8.ToArray())).Sample(10)).Message,
            StringComparison.Ordinal);

    private string Read(string name, byte[] content)
    {
        var batch = new RecordBatch(Spec, 1);
        var file = new RecordFile(Write(name, content));
        // Sampling and reading go the same way.
        Assert.NotEqual(0, file.Sample(10).Rows);
        file.ReadAll(Spec, batch);
        return Show(batch);
    }

    private string Refuse(string name, byte[] content)
    {
        var path = Write(name, content);
        return Assert.Throws<RecordFileException>(() => new RecordFile(path).ReadAll(Spec, new RecordBatch(Spec, 1))).Message;
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return bytes.ToArray();
    }

    private static string Show(RecordBatch batch) => string.Join(' ', Enumerable.Range(0, batch.Count).Select(row =>
        string.Join('|', Enumerable.Range(0, 3).Select(field => batch.IsMissing(field, row)
            ? "-"
            : field == 1 ? batch.Numbers(1)[row].ToString(System.Globalization.CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(batch.Text(field, row))))));
}
