using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes true as 1 and false as 0. One that never varied keeps its block: the network learns to be sure of it, and the other value costs much.</summary>
internal sealed class BooleanTransform(bool isConstant) : FieldTransform
{
    public const string Name = "boolean";

    public override BlockKind BlockKind => BlockKind.Binary;

    public override int Width => 1;

    public override IReadOnlyList<string> FeatureNames => [Name];

    public override bool IsConstant { get; } = isConstant;

    /// <param name="values">Training values without the missing ones, at least one.</param>
    public static BooleanTransform Fit(ReadOnlySpan<double> values)
    {
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] != 0 != (values[0] != 0))
                return new BooleanTransform(false);
        }

        return new BooleanTransform(true);
    }

    public static BooleanTransform Restore(ParameterReader parameters) => new(parameters.Boolean("constant"));

    public override bool Encode(RecordBatch batch, int field, int first, int count, in BlockTarget target)
    {
        var anyMissing = false;
        var numbers = batch.Numbers(field).Slice(first, count);
        for (var row = 0; row < numbers.Length; row++)
        {
            if (double.IsNaN(numbers[row]))
            {
                target.MarkMissing(row);
                anyMissing = true;
            }
            else if (numbers[row] != 0)
            {
                target[row, 0] = 1;
            }
        }

        return anyMissing;
    }

    public override ExpectedValue Expect(ReadOnlySpan<float> expected)
    {
        var probabilityOfTrue = Math.Clamp((double)expected[0], 0, 1);
        return probabilityOfTrue >= 0.5
            ? new ExpectedValue(probabilityOfTrue, "true", probabilityOfTrue)
            : new ExpectedValue(probabilityOfTrue, "false", 1 - probabilityOfTrue);
    }

    public override void Decode(ReadOnlySpan<float> expected, RecordBatch target, int field, int row) =>
        target.SetNumber(field, row, expected[0] >= 0.5f ? 1 : 0);

    public override void Describe(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        writer.WriteBoolean("constant", IsConstant);
    }
}
