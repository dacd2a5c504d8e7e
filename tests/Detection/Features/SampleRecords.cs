using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Features;

internal static class SampleRecords
{
    /// <summary>Records of one numeric field.</summary>
    public static RecordBatch Numbers(double[] values, NumericScaling scaling)
    {
        var batch = new RecordBatch(new FeatureSpec([new FieldSpec { Name = "x", Scaling = scaling }]), Math.Max(values.Length, 1));
        for (var i = 0; i < values.Length; i++)
            batch.SetNumber(0, batch.Append(new RecordOrigin("t", 0, i, -1)), values[i]);
        return batch;
    }

    /// <summary>Records of one numeric field beside one that varies.</summary>
    public static RecordBatch NumbersBesideRowNumber(double[] values)
    {
        var batch = new RecordBatch(new FeatureSpec([new FieldSpec { Name = "x" }, new FieldSpec { Name = "row" }]), values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            batch.SetNumber(0, row, values[i]);
            batch.SetNumber(1, row, i);
        }

        return batch;
    }

    /// <summary>Records of one categorical field; null is missing.</summary>
    public static RecordBatch Texts(IReadOnlyList<string?> values, int maxCategories = 32)
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "shop", Kind = FieldKind.Categorical, MaxCategories = maxCategories }]);
        var batch = new RecordBatch(spec, Math.Max(values.Count, 1));
        for (var i = 0; i < values.Count; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            if (values[i] is { } text)
                batch.SetText(0, row, Encoding.UTF8.GetBytes(text));
        }

        return batch;
    }

    /// <summary>Payments: card (key), at (timestamp), amount (numeric), category (food, fuel, rent in falling frequency), online (boolean), fraud (label).</summary>
    public static RecordBatch Mixed(int count)
    {
        var spec = new FeatureSpec(
        [
            new FieldSpec { Name = "card", Kind = FieldKind.Key },
            new FieldSpec { Name = "at", Kind = FieldKind.Timestamp },
            new FieldSpec { Name = "amount" },
            new FieldSpec { Name = "category", Kind = FieldKind.Categorical },
            new FieldSpec { Name = "online", Kind = FieldKind.Boolean },
            new FieldSpec { Name = "fraud", Kind = FieldKind.Label },
        ]);
        var batch = new RecordBatch(spec, Math.Max(count, 1));
        var random = new Random(11);
        for (var i = 0; i < count; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            batch.SetText(0, row, Encoding.UTF8.GetBytes($"card-{i % 17}"));
            batch.SetNumber(1, row, 1_767_225_600 + (i * 977.0));
            batch.SetNumber(2, row, Math.Exp(3 + (0.5 * Normal(random))));
            batch.SetText(3, row, (i % 10) switch { < 6 => "food"u8, < 9 => "fuel"u8, _ => "rent"u8 });
            batch.SetNumber(4, row, i % 3 == 0 ? 1 : 0);
            batch.SetText(5, row, "0"u8);
        }

        return batch;
    }

    /// <summary>A normally distributed number (Box and Muller).</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
