using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Features;

/// <summary>Holds what must be true of every scaling for any finite numbers, on seeded random columns that reach to the ends of the range of doubles.</summary>
public sealed class NumericPropertyTests
{
    private static readonly double[] Extremes =
        [0, -0.0, 1, -1, double.Epsilon, -double.Epsilon, 2.2e-308, 1e-300, 1e16, -1e16, 1e308, -1e308, double.MaxValue, double.MinValue];

    public static TheoryData<NumericScaling> Scalings => [.. Enum.GetValues<NumericScaling>()];

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Encode_AnyFiniteNumbers_AreFiniteAndBounded(NumericScaling scaling)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var values = RandomColumn(random);
            if (values.Distinct().Count() < 2)
                continue;
            var encoder = TryFit(SampleRecords.Numbers(values, scaling));
            if (encoder is null)
                continue;

            var rows = Encode(encoder, SampleRecords.Numbers([.. values, .. Extremes], scaling));

            Assert.All(rows.Values.ToArray(), value => Assert.True(float.IsFinite(value) && Math.Abs(value) <= 1000, $"seed {seed}: {value}"));
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Encode_RisingNumbers_NeverFall(NumericScaling scaling)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var values = RandomColumn(new Random(seed));
            if (TryFit(SampleRecords.Numbers(values, scaling)) is not { } encoder)
                continue;

            var rows = Encode(encoder, SampleRecords.Numbers([.. values.Concat(Extremes).Order()], scaling));

            for (var i = 1; i < rows.Count; i++)
                Assert.True(rows.Values[i] >= rows.Values[i - 1], $"seed {seed}: {rows.Values[i]} after {rows.Values[i - 1]}");
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Expect_EncodedNumber_IsTheNumberAgain(NumericScaling scaling)
    {
        var random = new Random(29);
        var values = Enumerable.Range(0, 500).Select(_ => Math.Exp(4 + (1.2 * SampleRecords.Normal(random)))).ToArray();
        var batch = SampleRecords.Numbers(values, scaling);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var rows = Encode(encoder, batch);

        // An encoded value has the 24 bits of a float32.
        var spread = values.Max();
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(values[i], encoder.Expect(0, rows.Values.Slice(i, 1)).Number, 1e-6 * spread);
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Expect_AnyReconstruction_IsAFiniteNumber(NumericScaling scaling)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            if (TryFit(SampleRecords.Numbers(RandomColumn(new Random(seed)), scaling)) is not { } encoder)
                continue;

            foreach (var reconstructed in (float[])[-1e6f, -3, 0, 0.1f, 5, 1e6f])
                Assert.True(double.IsFinite(encoder.Expect(0, [reconstructed]).Number), $"seed {seed}: {reconstructed}");
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Expect_AnyReconstruction_StaysWithinWhatTrainingHad(NumericScaling scaling)
    {
        var random = new Random(41);
        var values = Enumerable.Range(0, 400).Select(_ => 3.5 + Math.Exp(SampleRecords.Normal(random))).ToArray();
        var batch = SampleRecords.Numbers(values, scaling);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var restored = FeatureEncoder.Restore(batch.Spec, encoder.Describe());

        foreach (var fitted in (FeatureEncoder[])[encoder, restored])
        {
            Assert.Equal(values.Min(), fitted.Expect(0, [-40]).Number);
            Assert.Equal(values.Max(), fitted.Expect(0, [1e6f]).Number);
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Expect_WholeNumbersInTraining_IsAWholeNumber(NumericScaling scaling)
    {
        var batch = SampleRecords.Numbers([.. Enumerable.Range(0, 300).Select(i => (double)(i % 7))], scaling);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var expected = Enumerable.Range(-30, 61).Select(i => encoder.Expect(0, [i / 10f]).Number).ToArray();

        Assert.All(expected, number => Assert.Contains(number, new double[] { 0, 1, 2, 3, 4, 5, 6 }));
        Assert.True(expected.Distinct().Count() > 2, "different reconstructions mean different numbers");
    }

    [Fact]
    public void Fit_ConstantExtremes_ShowTheChange()
    {
        foreach (var constant in Extremes)
        {
            var batch = SampleRecords.NumbersBesideRowNumber([constant, constant, constant]);
            var encoder = FeatureEncoder.Fit(batch.Spec, batch);

            var rows = Encode(encoder, SampleRecords.NumbersBesideRowNumber([constant, constant == 0 ? 1 : constant / 2]));

            Assert.Equal(0, rows.Values[0]);
            Assert.True(rows.Values[2] is >= -10 and <= 10 and not 0 || constant / 2 == constant, $"{constant}: {rows.Values[2]}");
        }
    }

    [Fact]
    public void Measure_Moments_AgreeWithTwoPassesInHigherPrecision()
    {
        var random = new Random(31);
        var values = Enumerable.Range(0, 4000).Select(_ => 1e6 + Math.Exp(SampleRecords.Normal(random))).ToArray();

        var moments = ColumnMoments.Measure(values);

        var mean = values.Sum(value => (decimal)value) / values.Length;
        var second = values.Sum(value => ((decimal)value - mean) * ((decimal)value - mean)) / values.Length;
        var third = values.Sum(value => ((decimal)value - mean) * ((decimal)value - mean) * ((decimal)value - mean)) / values.Length;
        Assert.Equal((double)mean, moments.Mean, 1e-9 * (double)mean);
        Assert.Equal(Math.Sqrt((double)second), moments.Deviation, 1e-9);
        Assert.Equal((double)third / Math.Pow((double)second, 1.5), moments.Skewness, 1e-6);
    }

    // scipy.stats.norm.ppf
    [Theory]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.024, -1.9773684281819468)]
    [InlineData(0.025, -1.9599639845400545)]
    [InlineData(0.5, 0)]
    [InlineData(0.8, 0.8416212335729143)]
    [InlineData(0.999999, 4.753424308817087)]
    public void NormalQuantile_Probability_AgreesWithTheReference(double probability, double expected) =>
        Assert.Equal(expected, NormalQuantile.At(probability), 2e-8);

    private static double[] RandomColumn(Random random)
    {
        var count = random.Next(2, 200);
        var shape = random.Next(5);
        var few = random.Next(1, 4);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => shape switch
            {
                0 => SampleRecords.Normal(random),
                1 => Extremes[random.Next(Extremes.Length)],
                2 => BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && double.IsFinite(any) ? any : 1,
                3 => random.Next(few),
                _ => double.Epsilon * random.Next(4),
            }),
        ];
    }

    // A column without a difference that doubles can measure carries no information and is refused; everything else must encode.
    private static FeatureEncoder? TryFit(RecordBatch batch)
    {
        var values = batch.Numbers(0).ToArray();
        return ColumnMoments.Measure(values).Deviation == 0 ? null : FeatureEncoder.Fit(batch.Spec, batch);
    }

    private static EncodedRows Encode(FeatureEncoder encoder, RecordBatch batch)
    {
        var rows = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, rows);
        return rows;
    }
}
