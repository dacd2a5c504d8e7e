using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Turns records into the features of a network; fitted on the training window and part of the model. Immutable and thread-safe.</summary>
public sealed class FeatureEncoder
{
    /// <summary>Gets the fields it was fitted for.</summary>
    public FeatureSpec Spec => throw new NotImplementedException();

    /// <summary>Gets the layout of an encoded row: one block for each feature field that carries information.</summary>
    public FeatureLayout Layout => throw new NotImplementedException();

    /// <summary>Fits the encoder.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="window">Training records.</param>
    /// <exception cref="ArgumentException">The window is empty, or no field carries information (all constant or missing); the message names the fields.</exception>
    public static FeatureEncoder Fit(FeatureSpec spec, RecordBatch window) => throw new NotImplementedException();

    /// <summary>Rebuilds an encoder from its description.</summary>
    /// <param name="spec">Declared fields; their hash must be the description's.</param>
    /// <param name="description">Description of a fitted encoder.</param>
    /// <exception cref="ArgumentException">The hash differs or the description is damaged.</exception>
    public static FeatureEncoder Restore(FeatureSpec spec, EncoderDescription description) => throw new NotImplementedException();

    /// <summary>Describes the encoder for the manifest.</summary>
    public EncoderDescription Describe() => throw new NotImplementedException();

    /// <summary>Gets the field a block came from.</summary>
    /// <param name="block">Index into <see cref="Layout"/>'s blocks.</param>
    /// <returns>Index into <see cref="Spec"/>'s fields.</returns>
    public int FieldOfBlock(int block) => throw new NotImplementedException();

    /// <summary>Encodes records <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1; allocates nothing once the target is large enough.</summary>
    /// <param name="batch">Records of the same fields.</param>
    /// <param name="first">First record.</param>
    /// <param name="count">Number of records.</param>
    /// <param name="target">Receives the rows.</param>
    public void Encode(RecordBatch batch, int first, int count, EncodedRows target) => throw new NotImplementedException();

    /// <summary>Translates a reconstruction back into the field's terms.</summary>
    /// <param name="block">Index into <see cref="Layout"/>'s blocks.</param>
    /// <param name="expected">The whole reconstructed row, <c>[Layout.Width]</c>.</param>
    public ExpectedValue Expect(int block, ReadOnlySpan<float> expected) => throw new NotImplementedException();
}
