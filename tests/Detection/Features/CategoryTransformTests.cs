using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Features;

public sealed class CategoryTransformTests
{
    [Fact]
    public void Encode_FrequentRareAndUnseen_HaveFeaturesOfTheirOwn()
    {
        // 6 x a, 3 x b, 1 x c: c occurs once and is rare.
        var batch = Texts("a", "a", "b", "a", "b", "a", "c", "a", "b", "a");
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, Texts("a", "b", "c", "d", ""));

        Assert.Equal(
            [
                1, 0, 0, 0,
                0, 1, 0, 0,
                0, 0, 1, 0,
                0, 0, 0, 1,
                0, 0, 0, 1,
            ],
            rows.Values.ToArray());
        Assert.Equal([0, 0, 0, 1, 1], rows.Unseen.ToArray());
        Assert.False(rows.AnyMissing);
    }

    [Fact]
    public void Encode_NoRareValueInTraining_HasNoRareFeature()
    {
        var batch = Texts("a", "a", "b", "b");
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, Texts("b", "x"));

        Assert.Equal([0, 1, 0, 0, 0, 1], rows.Values.ToArray());
    }

    [Fact]
    public void Encode_MoreValuesThanMaxCategories_SharesTheRareFeature()
    {
        var values = Enumerable.Range(0, 100).Select(i => (i % 10) switch { < 4 => "a", < 7 => "b", < 9 => "c", _ => "d" }).ToArray();
        var batch = SampleRecords.Texts(values, maxCategories: 2);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, SampleRecords.Texts(["a", "b", "c", "d"], maxCategories: 2));

        Assert.Equal(4, encoder.Layout.Width);
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0], rows.Values.ToArray());
        Assert.All(rows.Unseen.ToArray(), flag => Assert.Equal(0, flag));
    }

    [Fact]
    public void Encode_OpenVocabulary_TakesNewValuesForRare()
    {
        // One record in ten brings a value of its own, so a new value is ordinary.
        var batch = Texts([.. Enumerable.Range(0, 1000).Select(i => i % 10 == 0 ? $"new-{i}" : "a")]);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, Texts("a", "new-0", "never"));

        Assert.Equal([1, 0, 0, 1, 0, 1], rows.Values.ToArray());
        Assert.All(rows.Unseen.ToArray(), flag => Assert.Equal(0, flag));
    }

    [Fact]
    public void Fit_EveryValueNew_HasNoBlockAndIsNamed()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "x" }, new FieldSpec { Name = "note", Kind = FieldKind.Categorical }]);
        var batch = new RecordBatch(spec, 100);
        for (var i = 0; i < 100; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            batch.SetNumber(0, row, i);
            batch.SetText(1, row, System.Text.Encoding.UTF8.GetBytes($"note {i}"));
        }

        var encoder = FeatureEncoder.Fit(spec, batch);

        Assert.Equal([new UnusedField("note", "nearly every value is new")], encoder.UnusedFields);
    }

    [Fact]
    public void Encode_ConstantCategory_ShowsAnotherValueAsUnseen()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "x" }, new FieldSpec { Name = "currency", Kind = FieldKind.Categorical }]);
        var batch = new RecordBatch(spec, 10);
        for (var i = 0; i < 10; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            batch.SetNumber(0, row, i);
            batch.SetText(1, row, "EUR"u8);
        }

        var encoder = FeatureEncoder.Fit(spec, batch);
        batch.SetText(1, 3, "USD"u8);
        var rows = new EncodedRows();
        encoder.Encode(batch, 3, 1, rows);

        Assert.Equal([0, 1], rows.Values[1..].ToArray());
        Assert.Equal(1, rows.Unseen[1]);
    }

    [Fact]
    public void Encode_MissingText_IsNotTheEmptyText()
    {
        var batch = SampleRecords.Texts(["", "", "a", "a", null]);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, batch);

        Assert.True(rows.AnyMissing);
        Assert.Equal([0, 0, 0, 0, 1], rows.Missing.ToArray());
        Assert.Equal([1, 0, 0], rows.Values[..3].ToArray());
        Assert.Equal([0, 0, 0], rows.Values[12..].ToArray());
    }

    [Fact]
    public void Expect_RareOrUnseenLikeliest_SaysSo()
    {
        var batch = Texts("a", "a", "b", "a", "b", "a", "c", "a", "b", "a");
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        Assert.Equal("a rare value", encoder.Expect(0, [0.1f, 0.1f, 0.7f, 0.1f]).Text);
        Assert.Equal("a value never seen before", encoder.Expect(0, [0.1f, 0.1f, 0.2f, 0.6f]).Text);
    }

    private static RecordBatch Texts(params string[] values) => SampleRecords.Texts(values);

    private static EncodedRows Encode(FeatureEncoder encoder, RecordBatch batch)
    {
        var rows = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, rows);
        return rows;
    }
}
