using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Stands for a field from which training learned nothing; it has no block and keeps the reason.</summary>
internal sealed class AbsentTransform(string reason) : FieldTransform
{
    public const string Name = "absent";
    public const string AlwaysMissing = "missing in every training record";
    public const string NeverRepeats = "nearly every value is new";

    public override BlockKind BlockKind => BlockKind.Real;

    public override int Width => 0;

    public override IReadOnlyList<string> FeatureNames => [];

    public override bool IsConstant => true;

    public override string? WhyUnused => reason;

    public static AbsentTransform Restore(ParameterReader parameters) => new(parameters.Text("reason"));

    public override bool Encode(RecordBatch batch, int field, int first, int count, in BlockTarget target) =>
        throw new InvalidOperationException("A field without a block is not encoded.");

    public override ExpectedValue Expect(ReadOnlySpan<float> expected) =>
        throw new InvalidOperationException("A field without a block has no expected value.");

    public override void Decode(ReadOnlySpan<float> expected, RecordBatch target, int field, int row) =>
        throw new InvalidOperationException("A field without a block has no expected value.");

    public override void Draw(ReadOnlySpan<float> drawn, Random random, RecordBatch target, int field, int row)
    {
        // Nothing was learned; the value stays missing.
    }

    public override void Describe(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        writer.WriteString("reason", reason);
    }
}
