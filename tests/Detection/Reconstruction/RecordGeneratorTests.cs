using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Reconstruction;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Detection.Tests.Reconstruction;

public sealed class RecordGeneratorTests
{
    private const double First = 1_767_225_600;

    [Fact]
    public void Draw_FieldsOfEveryKind_AreValuesThatTrainingCouldHaveHad()
    {
        var batch = Records(3000);
        var (encoder, model) = Train(batch, new VariationalAutoencoderOptions(), 1000);

        var drawn = new RecordGenerator(encoder, model).Draw(1000, seed: 4);

        var shares = new Dictionary<string, int>();
        for (var row = 0; row < drawn.Count; row++)
        {
            var seconds = drawn.Numbers(0)[row];
            Assert.InRange(seconds, First, First + (20 * 86_400));
            Assert.InRange(drawn.Numbers(1)[row], batch.Numbers(1).ToArray().Min(), batch.Numbers(1).ToArray().Max());
            Assert.Equal(Math.Round(drawn.Numbers(2)[row]), drawn.Numbers(2)[row]);
            Assert.InRange(drawn.Numbers(2)[row], 0, 9);
            var shop = Encoding.UTF8.GetString(drawn.Text(3, row));
            Assert.Contains(shop, new[] { "food", "fuel", "once", "twin" });
            shares[shop] = shares.GetValueOrDefault(shop) + 1;
            Assert.Contains(drawn.Numbers(4)[row], new[] { 0.0, 1.0 });
            Assert.True(drawn.IsMissing(5, row), "nothing is learned from names that never repeat");
            Assert.True(drawn.IsMissing(6, row), "a key is not drawn");
        }

        Assert.InRange(shares["food"], 550, 650);
        Assert.InRange(shares["fuel"], 350, 450);

        // Nothing happened between 0 and 4 o'clock; the decoder's noise around the circle reaches a little into it. Moments spread evenly would give 167.
        Assert.InRange(drawn.Numbers(0).ToArray().Count(seconds => MomentOfWeek.SecondOfDay(seconds) < 4 * 3600), 0, 125);
    }

    [Fact]
    public void Draw_SameSeed_GivesTheSameRecords()
    {
        var (encoder, model) = Train(Records(500), new VariationalAutoencoderOptions(), 20);
        var generator = new RecordGenerator(encoder, model);

        var (some, more, others) = (generator.Draw(20, 8), generator.Draw(60, 8), generator.Draw(20, 9));

        Assert.Equal(some.Numbers(1).ToArray(), more.Numbers(1)[..20].ToArray());
        Assert.Equal(some.Numbers(0).ToArray(), more.Numbers(0)[..20].ToArray());
        Assert.NotEqual(some.Numbers(1).ToArray(), others.Numbers(1).ToArray());
    }

    [Fact]
    public void Draw_MomentsOfOneMorning_StayInIt()
    {
        // Too short for any cycle: nothing of the time is a feature.
        var batch = Records(500, secondsBetween: 20);
        var (encoder, model) = Train(batch, new VariationalAutoencoderOptions(), 20);
        Assert.Contains(encoder.UnusedFields, field => field.Name == "at");

        var drawn = new RecordGenerator(encoder, model).Draw(200, 1).Numbers(0).ToArray();

        Assert.All(drawn, seconds => Assert.InRange(seconds, batch.Numbers(0)[0], batch.Numbers(0)[^1]));
        Assert.True(drawn.Distinct().Count() > 100);
    }

    [Fact]
    public void Create_VariantWithoutPrior_IsRefused()
    {
        var (encoder, model) = Train(Records(300), new AutoencoderOptions(), 5);
        Assert.Contains("defines no distribution", Assert.Throws<ArgumentException>(() => new RecordGenerator(encoder, model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600.0, null, 3600.0)]
    [InlineData(82_800.0, null, -3600.0)]
    [InlineData(null, 4, 1800.0)]
    [InlineData(null, 3, 1800.0 - 86_400)]
    [InlineData(7200.0, 5, 86_400 + 7200.0)]
    [InlineData(7200.0, 1, 7200.0 - (3 * 86_400))]
    public void Nearest_TimeAndDay_GivesTheMomentNearestToHalfPastMidnightOfAThursday(double? second, int? day, double expected) =>
        Assert.Equal(expected, MomentOfWeek.Nearest(1800, second, day));

    private static (FeatureEncoder Encoder, TrainedModel Model) Train(RecordBatch batch, VariantOptions variant, int steps)
    {
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);
        var rows = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, rows);
        var (values, missing) = rows.Arrays;
        return (encoder, ModelTrainer.Train(
            new TrainingSet(encoder.Layout, values, batch.Count, missing), variant, new TrainingOptions { MaxSteps = steps, TrimShare = 0 }, TimeProvider.System));
    }

    private static RecordBatch Records(int count, double? secondsBetween = null)
    {
        var spec = new FeatureSpec(
        [
            new FieldSpec { Name = "at", Kind = FieldKind.Timestamp },
            new FieldSpec { Name = "amount" },
            new FieldSpec { Name = "items" },
            new FieldSpec { Name = "shop", Kind = FieldKind.Categorical },
            new FieldSpec { Name = "online", Kind = FieldKind.Boolean },
            new FieldSpec { Name = "name", Kind = FieldKind.Categorical },
            new FieldSpec { Name = "card", Kind = FieldKind.Key },
        ]);
        var batch = new RecordBatch(spec, count);
        var random = new Random(21);
        for (var i = 0; i < count; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));

            // Twenty days, each from 4 to 24 o'clock.
            var (day, second) = (i * 20 / count, (4 * 3600) + (random.NextDouble() * 20 * 3600));
            batch.SetNumber(0, row, secondsBetween is { } step ? First + (i * step) : First + (day * 86_400) + Math.Floor(second));
            batch.SetNumber(1, row, Math.Exp(3 + (0.5 * SampleRecords.Normal(random))));
            batch.SetNumber(2, row, random.Next(10));
            var shop = i == 7 ? "once" : i == 8 ? "twin" : i % 5 < 3 ? "food" : "fuel";
            batch.SetText(3, row, Encoding.UTF8.GetBytes(shop));
            batch.SetNumber(4, row, i % 3 == 0 ? 1 : 0);
            batch.SetText(5, row, Encoding.UTF8.GetBytes($"name {i}"));
            batch.SetText(6, row, Encoding.UTF8.GetBytes($"card-{i % 17}"));
        }

        return batch;
    }
}
