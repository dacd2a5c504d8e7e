using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Turns one field into the features of one block, and back; fitted and immutable.</summary>
internal abstract class FieldTransform
{
    /// <summary>Gets the likelihood of the block.</summary>
    public abstract BlockKind BlockKind { get; }

    /// <summary>Gets the number of features; 0 when the field carries no information and gets no block.</summary>
    public abstract int Width { get; }

    /// <summary>Gets what each feature stands for, <c>[Width]</c>: the same name in two encoders means the same encoding of the same value.</summary>
    public abstract IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Gets why the field carries no information, or null when it has a block.</summary>
    public virtual string? WhyUnused => null;

    /// <summary>Gets whether the field had one and the same value throughout training.</summary>
    public abstract bool IsConstant { get; }

    /// <summary>Writes the block of each record; the target is clear before.</summary>
    /// <returns>Whether a value was missing.</returns>
    public abstract bool Encode(RecordBatch batch, int field, int first, int count, in BlockTarget target);

    /// <summary>Translates the reconstruction of the block, <c>[Width]</c>, back into the field's terms.</summary>
    public abstract ExpectedValue Expect(ReadOnlySpan<float> expected);

    /// <summary>Writes the value that the reconstruction of the block, <c>[Width]</c>, stands for into a record; a timestamp is moved no further than it must be from the one that is there.</summary>
    public abstract void Decode(ReadOnlySpan<float> expected, RecordBatch target, int field, int row);

    /// <summary>Tells whether a drawn record may have a feature: an unseen category, or a rare one of an open vocabulary, is no value that could be written.</summary>
    public virtual bool CanDraw(int feature) => true;

    /// <summary>Writes a drawn value into a record: real features as drawn, one feature of a category set.</summary>
    public virtual void Draw(ReadOnlySpan<float> drawn, Random random, RecordBatch target, int field, int row) => Decode(drawn, target, field, row);

    /// <summary>Writes the name and the parameters of the transformation into an open JSON object.</summary>
    public abstract void Describe(Utf8JsonWriter writer);
}
