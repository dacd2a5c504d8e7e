using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Files;
using Parquet;
using Parquet.Schema;

namespace AEAnomaly.Ingest.Tests.Files;

public sealed class ParquetTests : IDisposable
{
    private const int RowsOfAGroup = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aeanomaly-parquet-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("data.parquet")]
    [InlineData("data.csv")]
    [InlineData("data")]
    public async Task ReadAll_RowGroups_GiveRecords(string name)
    {
        var spec = new FeatureSpec(
        [
            new FieldSpec { Name = "card", Kind = FieldKind.Key },
            new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
            new FieldSpec { Name = "online", Kind = FieldKind.Boolean },
            new FieldSpec { Name = "time", Kind = FieldKind.Timestamp },
            new FieldSpec { Name = "id", Kind = FieldKind.Categorical },
        ]);
        var batch = new RecordBatch(spec, 1);
        var file = new RecordFile(await WriteAsync(name));

        file.ReadAll(spec, batch);

        Assert.Equal(2 * RowsOfAGroup, batch.Count);
        Assert.Equal("c2", System.Text.Encoding.UTF8.GetString(batch.Text(0, 5)));
        Assert.Equal([0.5, double.NaN, double.NaN], batch.Numbers(1)[..3].ToArray());
        Assert.Equal([1, 0, 1], batch.Numbers(2)[..3].ToArray());
        Assert.Equal(1772323219.25, batch.Numbers(3)[0], 3);
        Assert.Equal("9007199254740993", System.Text.Encoding.UTF8.GetString(batch.Text(4, 0)));
    }

    [Fact]
    public async Task Sample_EveryType_IsSeenAsWhatItIs()
    {
        var columns = new RecordFile(await WriteAsync("data.parquet")).Sample(100).Columns;

        Assert.Equal(
            ["card Text", "amount Number", "online Boolean", "time Text", "id Number", "price Number", "count Number"],
            columns.Select(column => $"{column.Path} {column.Values[0].Kind}"));
        Assert.Equal([SampleValueKind.Number, SampleValueKind.Missing, SampleValueKind.Missing], columns[1].Values.Take(3).Select(value => value.Kind));
        Assert.Equal("12.50", columns[5].Values[0].Text);
    }

    [Fact]
    public async Task StandardInput_Parquet_IsRead()
    {
        var bytes = await File.ReadAllBytesAsync(await WriteAsync("data.parquet"));

        var file = new RecordFile("-", standardInput: new MemoryStream(bytes));

        Assert.Equal(2 * RowsOfAGroup, file.Sample(100).Rows);
    }

    [Fact]
    public async Task ReadAll_BadValue_NamesTheRow()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "card", Kind = FieldKind.Numeric }]);
        var path = await WriteAsync("data.parquet");

        var error = Assert.Throws<RecordFileException>(() => new RecordFile(path).ReadAll(spec, new RecordBatch(spec, 1)));

        Assert.Equal($"{path} row 1: Field 'card' at byte 8: expected a finite number, found \"c0\".", error.Message);
    }

    [Fact]
    public async Task Open_TruncatedParquet_IsRefused()
    {
        var whole = await File.ReadAllBytesAsync(await WriteAsync("data.parquet"));
        var path = Path.Combine(_folder.FullName, "half.parquet");
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)]);

        Assert.StartsWith($"{path}: cannot be read as Parquet: ", Assert.Throws<RecordFileException>(() => new RecordFile(path)).Message, StringComparison.Ordinal);
    }

    private async Task<string> WriteAsync(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        var (card, amount, online) = (new DataField<string>("card"), new DataField<double?>("amount"), new DataField<bool>("online"));
        var (time, id) = (new DateTimeDataField("time", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis), new DataField<long>("id"));
        var (price, count) = (new DecimalDataField("price", 10, 2), new DataField<int?>("count"));
        var stream = File.Create(path);
        await using (stream.ConfigureAwait(true))
        {
            var writer = await ParquetWriter.CreateAsync(new ParquetSchema(card, amount, online, time, id, price, count), stream);
            await using (writer.ConfigureAwait(true))
            {
                for (var group = 0; group < 2; group++)
                {
                    using var rows = writer.CreateRowGroup();
                    await rows.WriteAsync(card, new[] { "c0", "c1", "c2" });
                    await rows.WriteAsync<double>(amount, new double?[] { 0.5, null, double.NaN }.AsMemory());
                    await rows.WriteAsync<bool>(online, new[] { true, false, true }.AsMemory());
                    var start = new DateTime(2026, 3, 1, 0, 0, 19, 250, DateTimeKind.Utc);
                    await rows.WriteAsync<DateTime>(time, new[] { start, start.AddMinutes(1), start.AddMinutes(2) }.AsMemory());
                    await rows.WriteAsync<long>(id, new[] { 9007199254740993, 2, 3 }.AsMemory());
                    await rows.WriteAsync<decimal>(price, new[] { 12.50m, 1m, 2m }.AsMemory());
                    await rows.WriteAsync<int>(count, new int?[] { 1, null, 3 }.AsMemory());
                    rows.CompleteValidate();
                }
            }
        }

        return path;
    }
}
