using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Features;

public sealed class FeatureEncoderTests
{
    // 2026-01-06 is a Tuesday.
    private static readonly double Tuesday1430 = new DateTimeOffset(2026, 1, 6, 14, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public void Fit_AllKinds_GivesOneBlockForEachFeatureField()
    {
        var batch = Mixed(700);

        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        Assert.Equal(
            [
                new FeatureBlock(0, 4, BlockKind.Real),
                new FeatureBlock(4, 1, BlockKind.Real),
                new FeatureBlock(5, 4, BlockKind.Category),
                new FeatureBlock(9, 1, BlockKind.Binary),
            ],
            encoder.Layout.Blocks.ToArray());
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(encoder.FieldOfBlock));
        Assert.Empty(encoder.UnusedFields);
    }

    [Fact]
    public void Encode_StandardNumbers_HaveMeanZeroAndDeviationOne()
    {
        var batch = Column([2, 4, 4, 4, 5, 5, 7, 9], NumericScaling.Standard);

        var rows = Encode(FeatureEncoder.Fit(batch.Spec, batch), batch);

        // Mean 5, population standard deviation 2.
        Assert.Equal([-1.5f, -0.5f, -0.5f, -0.5f, 0, 0, 1, 2], rows.Values.ToArray());
    }

    [Fact]
    public void Encode_RobustNumbers_AreMeasuredByMedianAndInterquartileRange()
    {
        var batch = Column([1, 2, 3, 4, 1000], NumericScaling.Robust);

        var rows = Encode(FeatureEncoder.Fit(batch.Spec, batch), batch);

        // Median 3, quartiles 2 and 4.
        Assert.Equal([-1, -0.5f, 0, 0.5f, 498.5f], rows.Values.ToArray());
    }

    [Fact]
    public void Encode_QuantileNumbers_AreNormalQuantilesOfTheMiddleRank()
    {
        var batch = Column([10, 20, 30, 40, 50], NumericScaling.Quantile);

        var rows = Encode(FeatureEncoder.Fit(batch.Spec, batch), batch);

        // scipy.stats.norm.ppf([0.1, 0.3, 0.5, 0.7, 0.9])
        float[] expected = [-1.2815516f, -0.5244005f, 0, 0.5244005f, 1.2815516f];
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], rows.Values[i], 1e-6f);
    }

    [Fact]
    public void Encode_QuantileNumberBeyondTraining_KeepsItsSize()
    {
        var batch = Column([10, 20, 30, 40, 50], NumericScaling.Quantile);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, Column([50, 500, 5000], NumericScaling.Quantile));

        Assert.True(rows.Values[1] > 10 * rows.Values[0]);
        Assert.True(rows.Values[2] > 5 * rows.Values[1]);
    }

    [Fact]
    public void Encode_Log1pNumbers_AreStandardisedLogarithms()
    {
        var batch = Column([0, Math.E - 1, (Math.E * Math.E) - 1], NumericScaling.Log1p);

        var rows = Encode(FeatureEncoder.Fit(batch.Spec, batch), batch);

        // Logarithms 0, 1, 2: mean 1, population standard deviation sqrt(2/3).
        Assert.Equal(-1.2247449f, rows.Values[0], 1e-6f);
        Assert.Equal(0, rows.Values[1], 1e-6f);
        Assert.Equal(1.2247449f, rows.Values[2], 1e-6f);
    }

    [Theory]
    [InlineData("bytes", "log1p")]
    [InlineData("amounts", "standard")]
    [InlineData("normal", "standard")]
    [InlineData("rates", "standard")]
    [InlineData("signed", "standard")]
    [InlineData("flag", "standard")]
    public void Fit_AutoScaling_LeavesStandardOnlyWhereItHidesTheField(string column, string expected)
    {
        var random = new Random(7);
        var values = new double[2000];
        for (var i = 0; i < values.Length; i++)
        {
            var normal = Normal(random);
            values[i] = column switch
            {
                "bytes" => Math.Floor(Math.Exp(5 + normal) * (i % 100 == 0 ? 1e5 : 1)),
                "amounts" => Math.Exp(3 + (1.2 * normal)) + (i % 500 == 0 ? 2000 : 0),
                "flag" => i % 100 == 0 ? 5000 : 0,
                "normal" => 5000 + (100 * normal),
                "rates" => Math.Exp(-5 + (1.8 * normal)) / 100,
                _ => Math.CopySign(Math.Exp(3 + (1.8 * normal)), normal),
            };
        }

        var batch = Column(values, NumericScaling.Auto);

        Assert.Equal(expected, Transform(FeatureEncoder.Fit(batch.Spec, batch)));
    }

    [Fact]
    public void Fit_LargeOffset_KeepsThePrecisionOfTheDeviation()
    {
        var random = new Random(3);
        var batch = Column([.. Enumerable.Range(0, 10_000).Select(_ => 1e9 + Normal(random))], NumericScaling.Standard);

        var description = FeatureEncoder.Fit(batch.Spec, batch).Describe();

        // A sum of squares gives a negative variance here.
        Assert.InRange(description.Fields[0].GetProperty("scale").GetDouble(), 0.97, 1.03);
    }

    [Fact]
    public void Encode_ConstantColumn_ShowsAChangeBoundedAtTen()
    {
        var batch = TwoColumns([7, 7, 7, 7]);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, TwoColumns([7, 7.07, 14, -1e308]));

        Assert.Equal("constant", Transform(encoder));
        Assert.Equal([0, 1, 10, -10], Enumerable.Range(0, 4).Select(i => MathF.Round(rows.Values[i * 2], 4)));
    }

    [Fact]
    public void Encode_HugeNumber_IsBounded()
    {
        var batch = Column([-1, 0, 1], NumericScaling.Standard);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var rows = Encode(encoder, Column([1e308, -1e308, 100], NumericScaling.Standard));

        Assert.Equal(1000, rows.Values[0]);
        Assert.Equal(-1000, rows.Values[1]);
        Assert.Equal(122.474f, rows.Values[2], 1e-3f);
    }

    [Fact]
    public void Encode_MissingValue_ClearsFeaturesAndSetsTheFlag()
    {
        var batch = Mixed(200);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var row = batch.Append(new RecordOrigin("t", 0, 200, -1));

        var rows = new EncodedRows();
        encoder.Encode(batch, row, 1, rows);

        Assert.True(rows.AnyMissing);
        Assert.All(rows.Missing.ToArray(), flag => Assert.Equal(1, flag));
        Assert.All(rows.Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Encode_NothingMissing_LeavesAnyMissingUnsetAfterReuse()
    {
        var batch = Mixed(200);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var missing = batch.Append(new RecordOrigin("t", 0, 200, -1));
        var rows = new EncodedRows();
        encoder.Encode(batch, missing, 1, rows);

        encoder.Encode(batch, 0, 3, rows);

        Assert.False(rows.AnyMissing);
        Assert.Equal(3 * encoder.Layout.Width, rows.Values.Length);
        Assert.All(rows.Missing.ToArray(), flag => Assert.Equal(0, flag));
    }

    [Fact]
    public void Encode_Timestamp_IsSineAndCosineOfHourAndDay()
    {
        // 700 records of 977 seconds cover a week.
        var batch = Mixed(700);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var row = batch.Append(new RecordOrigin("t", 0, 700, -1));
        batch.SetNumber(1, row, Tuesday1430);

        var rows = new EncodedRows();
        encoder.Encode(batch, row, 1, rows);

        var hour = 14.5 / 24 * Math.Tau;
        var day = 2.0 / 7 * Math.Tau;
        Assert.Equal((float)Math.Sin(hour), rows.Values[0], 1e-6f);
        Assert.Equal((float)Math.Cos(hour), rows.Values[1], 1e-6f);
        Assert.Equal((float)Math.Sin(day), rows.Values[2], 1e-6f);
        Assert.Equal((float)Math.Cos(day), rows.Values[3], 1e-6f);
        Assert.Equal("14:30 Tuesday", encoder.Expect(0, rows.Values).Text);
        Assert.Equal(14.5 * 3600, encoder.Expect(0, rows.Values).Number, 0.1);
    }

    [Theory]
    [InlineData(700, 4, "14:30 Tuesday")]
    [InlineData(200, 2, "14:30")]
    [InlineData(30, 0, null)]
    public void Fit_WindowShorterThanACycle_LeavesTheCycleOut(int records, int features, string? expected)
    {
        var batch = Mixed(records);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var row = batch.Append(new RecordOrigin("t", 0, records, -1));
        batch.SetNumber(1, row, Tuesday1430);

        var restored = FeatureEncoder.Restore(batch.Spec, encoder.Describe());
        Assert.Equal(encoder.Layout.Width, restored.Layout.Width);
        var rows = Encode(restored, batch);
        if (features == 0)
        {
            Assert.Equal([new UnusedField("at", "the training records cover neither a day nor a week")], restored.UnusedFields);
            return;
        }

        Assert.Equal(1, restored.FieldOfBlock(0));
        Assert.Equal(features, restored.Layout.Blocks[0].Width);
        Assert.Equal(expected, restored.Expect(0, rows.Values[^rows.Width..]).Text);
    }

    [Fact]
    public void Fit_FieldAlwaysMissing_HasNoBlockAndIsNamed()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "amount" }, new FieldSpec { Name = "tip" }, new FieldSpec { Name = "shop", Kind = FieldKind.Categorical }]);
        var batch = new RecordBatch(spec, 4);
        for (var i = 0; i < 4; i++)
            batch.SetNumber(0, batch.Append(new RecordOrigin("t", 0, i, -1)), i);

        var encoder = FeatureEncoder.Fit(spec, batch);

        Assert.Equal(1, encoder.Layout.BlockCount);
        Assert.Equal(0, encoder.FieldOfBlock(0));
        Assert.Equal(
            [new UnusedField("tip", "missing in every training record"), new UnusedField("shop", "missing in every training record")], encoder.UnusedFields);
    }

    [Fact]
    public void Fit_NoFieldVaries_NamesTheFields()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "amount" }, new FieldSpec { Name = "tip" }]);
        var batch = new RecordBatch(spec, 2);
        for (var i = 0; i < 2; i++)
            batch.SetNumber(0, batch.Append(new RecordOrigin("t", 0, i, -1)), 5);

        var error = Assert.Throws<ArgumentException>(() => FeatureEncoder.Fit(spec, batch));

        Assert.Contains("amount (one and the same value), tip (missing in every training record)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_EmptyWindow_IsRefused()
    {
        var batch = Mixed(0);

        var error = Assert.Throws<ArgumentException>(() => FeatureEncoder.Fit(batch.Spec, batch));

        Assert.Contains("holds no record", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_BatchOfOtherFields_IsRefused()
    {
        var batch = Mixed(200);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var error = Assert.Throws<ArgumentException>(() => encoder.Encode(Column([1], NumericScaling.Auto), 0, 1, new EncodedRows()));

        Assert.Contains("other fields than the encoder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WarmTarget_AllocatesNothing()
    {
        var batch = Mixed(512);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var rows = new EncodedRows();

        Assert.Equal(0, Allocations.InSteadyState(() => encoder.Encode(batch, 0, batch.Count, rows)));
    }

    [Fact]
    public void Encode_AnyPositionInTheBatch_GivesTheSameBits()
    {
        var batch = Mixed(100);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var all = Encode(encoder, batch);
        var one = new EncodedRows();

        for (var i = 0; i < batch.Count; i++)
        {
            encoder.Encode(batch, i, 1, one);
            Assert.Equal(all.Values.Slice(i * encoder.Layout.Width, encoder.Layout.Width).ToArray(), one.Values.ToArray());
        }
    }

    [Fact]
    public void Encode_ManyThreads_GivesTheSameBits()
    {
        var batch = Mixed(2000);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var expected = Encode(encoder, batch).Values.ToArray();

        var results = new float[8][];
        Parallel.For(0, results.Length, i => results[i] = Encode(encoder, batch).Values.ToArray());

        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void Encode_TimestampsFarFromNow_AreFiniteAndOnTheCircle()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "at", Kind = FieldKind.Timestamp }]);
        double[] moments = [0, -1, 1e-300, -86400.5, 253402300800, 1e17, -1e300, 1e308, double.MaxValue, .. Enumerable.Range(0, 7 * 24).Select(hour => hour * 3600.0)];
        var batch = new RecordBatch(spec, moments.Length);
        foreach (var moment in moments)
            batch.SetNumber(0, batch.Append(new RecordOrigin("t", 0, 0, -1)), moment);

        var rows = Encode(FeatureEncoder.Fit(spec, batch), batch);

        for (var i = 0; i < rows.Values.Length; i += 2)
            Assert.Equal(1, (rows.Values[i] * rows.Values[i]) + (rows.Values[i + 1] * rows.Values[i + 1]), 1e-5f);
    }

    [Fact]
    public void Fit_ConstantBoolean_KeepsItsBlock()
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "x" }, new FieldSpec { Name = "chip", Kind = FieldKind.Boolean }]);
        var batch = new RecordBatch(spec, 3);
        for (var i = 0; i < 3; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            batch.SetNumber(0, row, i);
            batch.SetNumber(1, row, 1);
        }

        var encoder = FeatureEncoder.Fit(spec, batch);

        Assert.Equal(new FeatureBlock(1, 1, BlockKind.Binary), encoder.Layout.Blocks[1]);
    }

    [Fact]
    public void Encode_SameFieldsWithOtherUnits_IsAccepted()
    {
        var batch = Column([1, 2, 3], NumericScaling.Auto);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var other = new RecordBatch(new FeatureSpec([new FieldSpec { Name = "x", Unit = "EUR" }]), 1);
        other.SetNumber(0, other.Append(new RecordOrigin("t", 0, 0, -1)), 2);

        Assert.Equal([0f], Encode(encoder, other).Values.ToArray());
    }

    [Fact]
    public void Encode_SameHashButColumnsElsewhere_IsRefused()
    {
        var batch = Column([1, 2, 3], NumericScaling.Auto);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var shifted = new RecordBatch(new FeatureSpec([new FieldSpec { Name = "note", Kind = FieldKind.Ignore }, new FieldSpec { Name = "x" }]), 1);
        shifted.SetNumber(1, shifted.Append(new RecordOrigin("t", 0, 0, -1)), 2);

        Assert.Equal(batch.Spec.Hash, shifted.Spec.Hash);
        Assert.Throws<ArgumentException>(() => Encode(encoder, shifted));
    }

    [Fact]
    public void Encode_MoreRecordsThanTheBatchHolds_IsRefused()
    {
        var batch = Mixed(10);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode(batch, 8, 3, new EncodedRows()));
    }

    [Fact]
    public void Reset_MoreValuesThanAnArrayHolds_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => new EncodedRows().Reset(3_000_000, 1000, 10));

        Assert.Contains("3000000 rows of 1000 features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Expect_EncodedValues_ComeBackInTheFieldsTerms()
    {
        var batch = Mixed(700);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var rows = Encode(encoder, batch);
        var row = rows.Values[..encoder.Layout.Width];

        var amount = encoder.Expect(1, row);
        Assert.Equal(batch.Numbers(2)[0], amount.Number, 1e-4 * Math.Abs(batch.Numbers(2)[0]));
        Assert.True(double.IsNaN(amount.Probability));

        row[5..9].Clear();
        row[6] = 0.75f;
        var category = encoder.Expect(2, row);
        Assert.Equal("fuel", category.Text);
        Assert.Equal(0.75, category.Probability);
        Assert.True(double.IsNaN(category.Number));

        row[9] = 0.25f;
        Assert.Equal(new ExpectedValue(0.25, "false", 0.75), encoder.Expect(3, row));
    }

    private static EncodedRows Encode(FeatureEncoder encoder, RecordBatch batch)
    {
        var rows = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, rows);
        return rows;
    }

    private static string Transform(FeatureEncoder encoder) => encoder.Describe().Fields[0].GetProperty("transform").GetString()!;

    private static RecordBatch Column(double[] values, NumericScaling scaling) => SampleRecords.Numbers(values, scaling);

    private static RecordBatch TwoColumns(double[] values) => SampleRecords.NumbersBesideRowNumber(values);

    private static RecordBatch Mixed(int count) => SampleRecords.Mixed(count);

    private static double Normal(Random random) => SampleRecords.Normal(random);
}
