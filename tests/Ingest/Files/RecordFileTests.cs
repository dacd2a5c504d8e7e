using System.IO.Compression;
using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Files;
using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Files;

public sealed class RecordFileTests : IDisposable
{
    private static readonly FeatureSpec Spec = new(
    [
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
        new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "note", Kind = FieldKind.Categorical },
    ]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aeanomaly-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("card,amount,note\na,1.5,x\nb,,y\n", "a|1.5|x b|-|y")]
    [InlineData("card,amount,note\r\na,1.5,x\r\nb,2,y", "a|1.5|x b|2|y")]
    [InlineData("\uFEFFcard;amount;note\na;1.5;x,y\n", "a|1.5|x,y")]
    [InlineData("note\tamount\tcard\textra\nx\t1\ta\tz\n", "a|1|x")]
    [InlineData("card,amount,note\na,1,\"x \"\"y\"\", z\"\nb,2,\"\"\n", "a|1|x \"y\", z b|2|-")]
    [InlineData("\"card\",\"amount\",\"note\"\r\n\"a\",\"1\",\"x\r\ny\"\r\n", "a|1|x\r\ny")]
    [InlineData("card,amount,note\na,1,5\" disk\n\n\nb,2,y\n\n", "a|1|5\" disk b|2|y")]
    [InlineData("card,amount,note\na,1,\"x\"", "a|1|x")]
    [InlineData("card,amount,note\na,1,", "a|1|-")]
    public void ReadAll_Csv_GivesRecords(string content, string expected)
    {
        var batch = new RecordBatch(Spec, 1);

        Assert.Empty(new RecordFile(Write("data.csv", content)).ReadAll(Spec, batch));
        Assert.Equal(expected, Show(batch));
    }

    [Fact]
    public void ReadAll_RowsAcrossBlocks_AreWhole()
    {
        // 60,000 rows are several blocks; the quoted line end makes each row two lines.
        var rows = Enumerable.Range(0, 60_000).Select(i => (Card: $"card-{i}", Amount: i * 0.25, Note: $"{i},\n\"{new string('n', i % 50)}\""));
        var content = new StringBuilder("card,amount,note\r\n");
        foreach (var (card, amount, note) in rows)
            content.Append(System.Globalization.CultureInfo.InvariantCulture, $"{card},{amount},\"{note.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n");
        var batch = new RecordBatch(Spec, 1);

        new RecordFile(Write("data.csv", content.ToString())).ReadAll(Spec, batch);

        var row = 0;
        foreach (var (card, amount, note) in rows)
        {
            Assert.Equal(card, Encoding.UTF8.GetString(batch.Text(0, row)));
            Assert.Equal(amount, batch.Numbers(1)[row]);
            Assert.Equal(note, Encoding.UTF8.GetString(batch.Text(2, row)));
            Assert.Equal(row, batch.Origins[row].Offset);
            row++;
        }

        Assert.Equal(batch.Count, row);
    }

    [Theory]
    [InlineData("", "is empty; expected a header line with the column names.")]
    [InlineData("1,2,3\n4,5,6\n", " line 1: expected a header line with the column names, found only numbers (1 first).")]
    [InlineData("card,amount,card\n", " line 1: columns 1 and 3 are both called 'card'; rename one.")]
    [InlineData("card,sum,note\n", "has no column 'amount' for field 'amount'; its columns are card, sum, note.")]
    [InlineData("card,amount,note\na,1,x\nb,2\n", " line 3: expected 3 cells as in the header, found 2.")]
    [InlineData("card,amount,note\na,1,x\nb,2,y,z\n", " line 3: expected 3 cells as in the header, found 4.")]
    [InlineData("card,amount,note\n\"a\nb\",1,x\nc,abc,y\n", " line 4 column 'amount': expected a finite number, found abc.")]
    [InlineData("card,amount,note\na,NaN,x\n", " line 2 column 'amount': expected a finite number, found NaN.")]
    [InlineData("card,amount,note\na,-inf,x\n", " line 2 column 'amount': expected a finite number, found -inf.")]
    [InlineData("card,amount,note\na,1e400,x\n", " line 2 column 'amount': expected a finite number, found 1e400.")]
    [InlineData("card,amount,note\n,1,x\n", " line 2 column 'card': a value is required, and the cell is empty.")]
    [InlineData("card,amount,note\na,1,x\nb,2,\"y\n", " line 3: column 3 begins with a quote that is never closed.")]
    [InlineData("card,amount,note\na,1,\"x\"y\n", " line 2: column 3 has text after its closing quote; double the quotes that belong to the text.")]
    public void ReadAll_BadCsv_NamesFileLineColumnAndValue(string content, string message)
    {
        var path = Write("data.csv", content);
        var separator = message.StartsWith(' ') ? "" : ": ";

        var exception = Assert.Throws<RecordFileException>(() => new RecordFile(path).ReadAll(Spec, new RecordBatch(Spec, 1)));

        Assert.Equal(path + separator + message, exception.Message);
    }

    [Fact]
    public void ReadAll_InvalidUtf8Cell_NamesIt()
    {
        var path = Path.Combine(_folder.FullName, "data.csv");
        File.WriteAllBytes(path, [.. "card,amount,note\na,1,x"u8, 0xFF, (byte)'\n']);

        var exception = Assert.Throws<RecordFileException>(() => new RecordFile(path).ReadAll(Spec, new RecordBatch(Spec, 1)));

        Assert.Equal($"{path} line 2 column 'note': not valid UTF-8, found x\uFFFD; save the file as UTF-8 (perhaps it is Latin-1 or Windows-1252).", exception.Message);
    }

    [Theory]
    [InlineData("[}")]
    [InlineData("[{\"card\":\"a\",\"amount\":1}}, {\"card\":\"b\",\"amount\":2}]")]
    public void ReadAll_BracketThatClosesNothing_IsABadRowAndTheFileEnds(string content)
    {
        var errors = new RecordFile(Write("data.json", content)).ReadAll(Spec, new RecordBatch(Spec, 1), RowErrorHandling.Report);

        Assert.Equal("malformed", Assert.Single(errors).Error.Reason);
    }

    [Fact]
    public void ReadAll_Report_LeavesOutBadRowsAndListsThem()
    {
        var path = Write("data.csv", "card,amount,note\na,1,x\nb,2\nc,abc,y\nd,4,z\n");
        var batch = new RecordBatch(Spec, 1);

        var errors = new RecordFile(path).ReadAll(Spec, batch, RowErrorHandling.Report);

        Assert.Equal("a|1|x d|4|z", Show(batch));
        Assert.Equal([0L, 3L], batch.Origins.ToArray().Select(o => o.Offset));
        Assert.Equal([(3L, 1L, "malformed"), (4L, 2L, "wrong_type")], errors.Select(e => (e.Line, e.Row, e.Error.Reason)));
        Assert.Equal($"{path} line 4 column 'amount': expected a finite number, found abc", errors[1].Error.Message);
    }

    [Fact]
    public void ReadAll_UnlabelledCsv_NeedsNoLabelColumn()
    {
        var spec = new FeatureSpec([.. Spec.Fields, new FieldSpec { Name = "fraud", Kind = FieldKind.Label }]);
        var batch = new RecordBatch(spec, 1);

        new RecordFile(Write("data.csv", "card,amount,note\na,1,x\n")).ReadAll(spec, batch);

        Assert.True(batch.IsMissing(3, 0));
    }

    [Fact]
    public void ReadAll_Ndjson_NamesLineAndPlace()
    {
        var path = Write("data.ndjson", "{\"card\":\"a\",\"amount\":1}\r\n\n{\"card\":\"b\",\"amount\":\"x\"}\n{\"card\":\"c\",\"note\":\"n\"}");
        var batch = new RecordBatch(Spec, 1);

        var errors = new RecordFile(path).ReadAll(Spec, batch, RowErrorHandling.Report);

        Assert.Equal("a|1|- c|-|n", Show(batch));
        var error = Assert.Single(errors);
        Assert.Equal((3L, 1L), (error.Line, error.Row));
        Assert.Equal($"{path} line 3: Field 'amount' at byte 21: expected a finite number, found \"x\"", error.Error.Message);
    }

    [Fact]
    public void ReadAll_TenMegabyteLine_IsReportedAndTheRestRead()
    {
        var path = Write("data.ndjson", $"{{\"card\":\"{new string('x', 10 * 1024 * 1024)}\"}}\n{{\"card\":\"b\"}}\n");
        var batch = new RecordBatch(Spec, 1);

        var errors = new RecordFile(path).ReadAll(Spec, batch, RowErrorHandling.Report);

        Assert.Equal("b|-|-", Show(batch));
        Assert.Equal($"{path} line 1: The message has 10485771 bytes, more than the limit of 1048576", Assert.Single(errors).Error.Message);
    }

    [Theory]
    [InlineData("data.csv.gz", "card,amount,note\na,1,x\n", RecordFileFormat.Csv)]
    [InlineData("data.gz", "{\"card\":\"a\",\"amount\":1,\"note\":\"x\"}\n", RecordFileFormat.Ndjson)]
    [InlineData("gzip-without-its-extension", "card,amount,note\na,1,x\n", RecordFileFormat.Csv)]
    public void ReadAll_Gzip_IsRecognisedByContent(string name, string content, RecordFileFormat format)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, Gzip(content));
        var file = new RecordFile(path);
        var batch = new RecordBatch(Spec, 1);

        file.ReadAll(Spec, batch);

        Assert.Equal(format, file.Format);
        Assert.Equal("a|1|x", Show(batch));
    }

    [Fact]
    public void ReadAll_TruncatedGzip_IsRefused()
    {
        var path = Path.Combine(_folder.FullName, "data.csv.gz");
        var whole = Gzip("card,amount,note\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"c{i * 7919 % 5000},{i * 31},n{i}\n")));
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);

        var exception = Assert.Throws<RecordFileException>(() => new RecordFile(path).ReadAll(Spec, new RecordBatch(Spec, 1)));

        Assert.StartsWith($"{path}: cannot be read to the end: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoSuchFile_SaysSo() =>
        Assert.Equal("nowhere.csv: there is no such file.", Assert.Throws<RecordFileException>(() => new RecordFile("nowhere.csv")).Message);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StandardInput_SampledThenRead_GivesAllRows(bool isGzip)
    {
        const string Content = "card,amount,note\na,1,x\nb,2,y\nc,3,z\n";
        var file = new RecordFile("-", standardInput: new MemoryStream(isGzip ? Gzip(Content) : Encoding.UTF8.GetBytes(Content)));
        var batch = new RecordBatch(Spec, 1);

        Assert.Equal(2, file.Sample(2).Rows);
        file.ReadAll(Spec, batch);

        Assert.Equal("a|1|x b|2|y c|3|z", Show(batch));
        Assert.Equal("standard input", batch.Origins[0].Topic);
        Assert.Equal(
            "standard input: was read already and cannot be read again; write it to a file first.",
            Assert.Throws<RecordFileException>(() => file.ReadAll(Spec, batch)).Message);
    }

    [Fact]
    public void StandardInput_WaitingForMore_GivesTheRowsAtHand()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        using var input = new System.IO.Pipes.AnonymousPipeClientStream(System.IO.Pipes.PipeDirection.In, pipe.ClientSafePipeHandle);
        var batch = new RecordBatch(Spec, 1);
        pipe.Write("{\"card\":\"a\"}\n{\"card\":\"b\"}\n{\"ca"u8);

        using var reader = new RecordFile("-", standardInput: new BlockStream(input)).OpenReader(Spec);
        Assert.True(reader.Read(batch, 1000));

        Assert.Equal("a|-|- b|-|-", Show(batch));
    }

    [Fact]
    public void Read_InBatches_CountsAllRows()
    {
        using var reader = new RecordFile(Write("data.csv", "card,amount,note\na,1,x\nb,?,y\nc,3,z\n")).OpenReader(Spec, RowErrorHandling.Report);
        var batch = new RecordBatch(Spec, 1);

        Assert.True(reader.Read(batch, 2));
        Assert.Single(reader.Errors);
        Assert.True(reader.Read(batch, 2));
        Assert.Empty(reader.Errors);
        Assert.False(reader.Read(batch, 2));
        Assert.Equal((3L, 1L, 2), (reader.RowsRead, reader.BadRows, batch.Count));
    }

    [Theory]
    [InlineData("data.csv")]
    [InlineData("data.ndjson")]
    public void Read_SteadyState_AllocatesNothing(string name)
    {
        var isCsv = name == "data.csv";
        var content = new StringBuilder(isCsv ? "card,amount,note\n" : "");
        for (var i = 0; i < 10_000; i++)
            content.Append(isCsv ? $"card-{i},{i}.25,\"n \"\"{i % 7}\"\"\"\n" : $"{{\"card\":\"card-{i}\",\"amount\":{i}.25,\"note\":\"n\"}}\n");
        using var reader = new RecordFile(Write(name, content.ToString())).OpenReader(Spec);
        var batch = new RecordBatch(Spec, 1000);

        var allocated = Allocations.InSteadyState(() =>
        {
            batch.Clear();
            Assert.True(reader.Read(batch, 1000));
        }, calls: 1);

        Assert.Equal(0, allocated);
        Assert.Equal(1000, batch.Count);
    }

    [Fact]
    public void Sample_Csv_ClassifiesCellsAsWritten()
    {
        var columns = new RecordFile(Write("data.csv", "a,b,c\n1e3,TRUE,x\n,false,2\n")).Sample(10).Columns;

        Assert.Equal(["a", "b", "c"], columns.Select(c => c.Path));
        Assert.Equal([new(SampleValueKind.Number, "1e3"), new(SampleValueKind.Missing, "")], columns[0].Values);
        Assert.Equal([new(SampleValueKind.Boolean, "TRUE"), new(SampleValueKind.Boolean, "false")], columns[1].Values);
        Assert.Equal([new(SampleValueKind.Text, "x"), new(SampleValueKind.Number, "2")], columns[2].Values);
    }

    [Fact]
    public void Sample_Ndjson_FlattensAndUnitesPaths()
    {
        var columns = new RecordFile(Write("data.ndjson", "{\"a\":{\"b\":1,\"c\":[1]}}\n{\"d\":\"x\",\"a\":{\"b\":true}}\n{\"e\":null}\n")).Sample(10).Columns;

        Assert.Equal(["a.b", "a.c", "d", "e"], columns.Select(c => c.Path));
        Assert.All(columns, c => Assert.Equal(3, c.Values.Count));
        Assert.Equal(
            [SampleValueKind.Number, SampleValueKind.Boolean, SampleValueKind.Missing], columns[0].Values.Select(v => v.Kind));
        Assert.Equal([SampleValueKind.Nested, SampleValueKind.Missing, SampleValueKind.Missing], columns[1].Values.Select(v => v.Kind));
        Assert.Equal([SampleValueKind.Missing, SampleValueKind.Text, SampleValueKind.Missing], columns[2].Values.Select(v => v.Kind));
        Assert.All(columns[3].Values, v => Assert.Equal(SampleValueKind.Missing, v.Kind));
    }

    [Fact]
    public void Sample_BadNdjson_NamesTheLine()
    {
        var path = Write("data.jsonl", "{\"a\":1}\n[1]\n");

        Assert.Equal(
            $"{path} line 2: Byte 0: expected one JSON object, found [1].",
            Assert.Throws<RecordFileException>(() => new RecordFile(path).Sample(10)).Message);
    }

    private static byte[] Gzip(string content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(content));
        return bytes.ToArray();
    }

    private static string Show(RecordBatch batch) => string.Join(' ', Enumerable.Range(0, batch.Count).Select(row =>
        string.Join('|', Enumerable.Range(0, 3).Select(field => batch.IsMissing(field, row)
            ? "-"
            : field == 1 ? batch.Numbers(1)[row].ToString(System.Globalization.CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(batch.Text(field, row))))));

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Reads as a pipe does: what is there, once.</summary>
    private sealed class BlockStream(Stream inner) : Stream
    {
        private bool _wasRead;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            // The first two bytes go to the recognition of gzip; the second block is everything at hand; a third would wait for ever.
            if (_wasRead)
                throw new InvalidOperationException("The reader waits for more although rows are at hand.");
            _wasRead = count > 2;
            return inner.Read(buffer, offset, count);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
