using System.Buffers.Binary;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Writes what an encoder reads of a record as bytes, and back without loss: numbers as they are, texts with their length.</summary>
internal sealed class RecordBytes
{
    private const int Missing = -1;

    private readonly int[] _numbers;
    private readonly int[] _texts;

    /// <summary>Creates a writer for the fields that are features; a key or an ignored field is not kept.</summary>
    public RecordBytes(FeatureSpec spec)
    {
        Spec = spec;
        var features = Enumerable.Range(0, spec.Fields.Count).Where(field => FeatureSpec.IsFeature(spec.Fields[field].Kind)).ToLookup(field => FeatureSpec.IsNumber(spec.Fields[field].Kind));
        (_numbers, _texts) = ([.. features[true]], [.. features[false]]);
    }

    /// <summary>Gets the declared fields.</summary>
    public FeatureSpec Spec { get; }

    /// <summary>Tells how many bytes a record takes.</summary>
    public int SizeOf(RecordBatch batch, int row)
    {
        var size = (_numbers.Length * sizeof(double)) + (_texts.Length * sizeof(int));
        foreach (var field in _texts)
            size += batch.Text(field, row).Length;
        return size;
    }

    /// <summary>Writes a record.</summary>
    /// <param name="batch">Batch of the same fields.</param>
    /// <param name="row">Row.</param>
    /// <param name="target">Receives it; at least <see cref="SizeOf"/> bytes.</param>
    public void Write(RecordBatch batch, int row, Span<byte> target)
    {
        foreach (var field in _numbers)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(target, batch.Numbers(field)[row]);
            target = target[sizeof(double)..];
        }

        foreach (var field in _texts)
        {
            var text = batch.Text(field, row);
            BinaryPrimitives.WriteInt32LittleEndian(target, batch.IsMissing(field, row) ? Missing : text.Length);
            text.CopyTo(target[sizeof(int)..]);
            target = target[(sizeof(int) + text.Length)..];
        }
    }

    /// <summary>Appends a written record to a batch; its origin and the fields that were not kept are empty.</summary>
    public void Read(ReadOnlySpan<byte> source, RecordBatch target)
    {
        var row = target.Append(default);
        foreach (var field in _numbers)
        {
            target.SetNumber(field, row, BinaryPrimitives.ReadDoubleLittleEndian(source));
            source = source[sizeof(double)..];
        }

        foreach (var field in _texts)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(source);
            source = source[sizeof(int)..];
            if (length == Missing)
                continue;
            target.SetText(field, row, source[..length]);
            source = source[length..];
        }
    }
}
