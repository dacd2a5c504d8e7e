using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Turns records into the features of a network; fitted on the training window and part of the model. Immutable and thread-safe.</summary>
/// <remarks>
/// Numeric fields become one real feature, bounded to ±1,000 (see <see cref="NumericScaling"/>); categorical fields a one-hot block with "rare" and
/// "unseen"; booleans one binary feature;
/// timestamps four real features. A field that never varied in training keeps its block, since a change of what never changed is evidence. Missing
/// values have features of 0 and their flag set.
/// </remarks>
public sealed class FeatureEncoder
{
    // By feature field, in the order of the spec; the ones without a block included, so that a description can be restored.
    private readonly FittedField[] _fields;

    // By block.
    private readonly FittedField[] _blocks;

    internal FeatureEncoder(FeatureSpec spec, FittedField[] fields)
    {
        Spec = spec;
        _fields = fields;
        _blocks = [.. fields.Where(field => field.Transform.Width > 0)];
        UnusedFields = [.. fields.Where(field => field.Transform.Width == 0).Select(field => new UnusedField(field.Name, field.Transform.WhyUnused!))];

        var blocks = new List<FeatureBlock>(_blocks.Length);
        var start = 0;
        foreach (var block in _blocks)
        {
            blocks.Add(new FeatureBlock(start, block.Transform.Width, block.Transform.BlockKind));
            start += block.Transform.Width;
        }

        Layout = new FeatureLayout(blocks, [.. _blocks.Select(block => block.Name)]);
    }

    /// <summary>Gets the fields it was fitted for.</summary>
    public FeatureSpec Spec { get; }

    /// <summary>Gets the layout of an encoded row: one block for each feature field that carries information.</summary>
    public FeatureLayout Layout { get; }

    /// <summary>Gets the fitted fields by block.</summary>
    internal IReadOnlyList<FittedField> Blocks => _blocks;

    /// <summary>Gets the feature fields without a block, because training learned nothing from them.</summary>
    public IReadOnlyList<UnusedField> UnusedFields { get; }

    /// <summary>Fits the encoder.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="window">Training records.</param>
    /// <exception cref="ArgumentException">The window is empty, or no field carries information (all constant or missing); the message names the fields.</exception>
    public static FeatureEncoder Fit(FeatureSpec spec, RecordBatch window)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(window);
        if (window.Count == 0)
            throw new ArgumentException("The training window holds no record; an encoder needs at least one.", nameof(window));

        RequireSameFields(spec, window, nameof(window));
        var fields = new List<FittedField>();
        var present = new double[window.Count];
        foreach (var i in spec.FeatureFields)
            fields.Add(new FittedField(spec.Fields[i].Name, i, FitField(spec.Fields[i], i, window, present)));

        if (fields.TrueForAll(field => field.Transform.IsConstant))
        {
            var found = fields.Select(field => $"{field.Name} ({field.Transform.WhyUnused ?? "one and the same value"})");
            throw new ArgumentException(
                $"No field carries information in {window.Count} training records: {string.Join(", ", found)}. Check the paths of the fields, or train on a longer window.",
                nameof(window));
        }

        return new FeatureEncoder(spec, [.. fields]);
    }

    /// <summary>Rebuilds an encoder from its description; it encodes bit-identically to the one described.</summary>
    /// <param name="spec">Declared fields; their hash must be the description's.</param>
    /// <param name="description">Description of a fitted encoder.</param>
    /// <exception cref="ArgumentException">The hash differs or the description is damaged.</exception>
    public static FeatureEncoder Restore(FeatureSpec spec, EncoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(description);
        return EncoderDescriptionReader.Read(spec, description);
    }

    /// <summary>Describes the encoder for the manifest.</summary>
    public EncoderDescription Describe() => EncoderDescriptionWriter.Write(Spec, _fields);

    /// <summary>Gets the field a block came from.</summary>
    /// <param name="block">Index into <see cref="Layout"/>'s blocks.</param>
    /// <returns>Index into <see cref="Spec"/>'s fields.</returns>
    public int FieldOfBlock(int block) => _blocks[block].Field;

    /// <summary>Encodes records <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1; allocates nothing once the target is large enough.</summary>
    /// <param name="batch">Records of the same fields.</param>
    /// <param name="first">First record.</param>
    /// <param name="count">Number of records.</param>
    /// <param name="target">Receives the rows.</param>
    /// <exception cref="ArgumentException">The batch has other fields.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch does not hold all of the records.</exception>
    public void Encode(RecordBatch batch, int first, int count, EncodedRows target)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, batch.Count - first);
        RequireSameFields(Spec, batch, nameof(batch));

        target.Reset(count, Layout.Width, _blocks.Length);
        var start = 0;
        var anyMissing = false;
        for (var i = 0; i < _blocks.Length; i++)
        {
            var transform = _blocks[i].Transform;
            anyMissing |= transform.Encode(batch, _blocks[i].Field, first, count, new BlockTarget(target, start, i));
            start += transform.Width;
        }

        target.AnyMissing = anyMissing;
    }

    /// <summary>Translates a reconstruction back into the field's terms.</summary>
    /// <param name="block">Index into <see cref="Layout"/>'s blocks.</param>
    /// <param name="expected">The whole reconstructed row, <c>[Layout.Width]</c>: means of real features, probabilities of binary and category features.</param>
    /// <exception cref="ArgumentException">The row has another width.</exception>
    public ExpectedValue Expect(int block, ReadOnlySpan<float> expected)
    {
        if (expected.Length != Layout.Width)
            throw new ArgumentException($"A reconstructed row has {Layout.Width} features; found {expected.Length}.", nameof(expected));

        var features = Layout.Blocks[block];
        return _blocks[block].Transform.Expect(expected.Slice(features.Start, features.Width));
    }

    /// <summary>Writes the value that a block's reconstruction stands for into a record: a number of the training range (whole where all were whole), the most probable category, true or false, the moment nearest to the record's own.</summary>
    /// <param name="block">Index into <see cref="Layout"/>'s blocks.</param>
    /// <param name="expected">The whole reconstructed row, <c>[Layout.Width]</c>.</param>
    /// <param name="target">Records of the same fields.</param>
    /// <param name="row">Row of <paramref name="target"/>.</param>
    /// <exception cref="ArgumentException">The row has another width.</exception>
    public void Decode(int block, ReadOnlySpan<float> expected, RecordBatch target, int row)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (expected.Length != Layout.Width)
            throw new ArgumentException($"A reconstructed row has {Layout.Width} features; found {expected.Length}.", nameof(expected));

        var features = Layout.Blocks[block];
        _blocks[block].Transform.Decode(expected.Slice(features.Start, features.Width), target, _blocks[block].Field, row);
    }

    /// <summary>Tells which features stand for no value that could be written: unseen categories, and rare ones of an open vocabulary.</summary>
    internal bool[] FeaturesWithoutValue()
    {
        var flags = new bool[Layout.Width];
        for (var b = 0; b < _blocks.Length; b++)
        {
            for (var i = 0; i < Layout.Blocks[b].Width; i++)
                flags[Layout.Blocks[b].Start + i] = !_blocks[b].Transform.CanDraw(i);
        }

        return flags;
    }

    /// <summary>Writes a drawn row into a record; fields without a block draw what they know of themselves.</summary>
    internal void Draw(ReadOnlySpan<float> drawn, Random random, RecordBatch target, int row)
    {
        var start = 0;
        foreach (var field in _fields)
        {
            field.Transform.Draw(drawn.Slice(start, field.Transform.Width), random, target, field.Field, row);
            start += field.Transform.Width;
        }
    }

    private static FieldTransform FitField(FieldSpec field, int index, RecordBatch window, double[] scratch)
    {
        if (field.Kind == FieldKind.Categorical)
            return CategoryCensus.Fit(field, index, window);

        var count = 0;
        foreach (var number in window.Numbers(index))
        {
            if (!double.IsNaN(number))
                scratch[count++] = number;
        }

        var present = scratch.AsSpan(0, count);
        if (count == 0)
            return new AbsentTransform(AbsentTransform.AlwaysMissing);

        return field.Kind switch
        {
            FieldKind.Numeric => ScalingChoice.Fit(field.Scaling, present),
            FieldKind.Boolean => BooleanTransform.Fit(present),
            FieldKind.Timestamp => TimestampTransform.Fit(present),
            _ => throw new ArgumentException($"Field '{field.Name}' of kind {field.Kind} is not a feature.", nameof(field)),
        };
    }

    // Columns are found by index, so the same hash is not enough: fields that are no features may stand between.
    private static void RequireSameFields(FeatureSpec spec, RecordBatch batch, string argument)
    {
        if (ReferenceEquals(spec, batch.Spec))
            return;

        var same = spec.Fields.Count == batch.Spec.Fields.Count && string.Equals(spec.Hash, batch.Spec.Hash, StringComparison.Ordinal);
        for (var i = 0; same && i < spec.Fields.Count; i++)
            same = spec.Fields[i].Kind == batch.Spec.Fields[i].Kind;
        if (!same)
        {
            throw new ArgumentException(
                $"The records have other fields than the encoder: {batch.Spec.Fields.Count} fields with hash {batch.Spec.Hash}, not {spec.Fields.Count} with {spec.Hash}.", argument);
        }
    }
}
