using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Records;

/// <summary>Writes records, and what was found of them, one line a record; what a line does not give stays out of it, or empty.</summary>
internal abstract class RecordLines : IDisposable
{
    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Begins a line.</summary>
    public abstract void Begin();

    /// <summary>Writes a finding that is a number; one beyond all bounds is the largest there is.</summary>
    public abstract void Number(string name, double value);

    /// <summary>Writes a finding that is a word.</summary>
    public abstract void Text(string name, string value);

    /// <summary>Writes a finding that is a list of words.</summary>
    public abstract void Texts(string name, IReadOnlyList<string> values);

    /// <summary>Writes a finding that is a vector.</summary>
    public abstract void Vector(string name, ReadOnlySpan<float> values);

    /// <summary>Writes fields of a record.</summary>
    public abstract void Record(RecordBatch batch, int row);

    /// <summary>Ends a line.</summary>
    public abstract void End();

    /// <summary>Writes a row that could not be read, where the format has room for it.</summary>
    public abstract void Error(in RowError error);

    /// <summary>Gives a value as text that its field reads again: a number with every digit, a moment as RFC 3339 or in its format; masked where the field is; null where it is missing.</summary>
    protected static string? Cell(RecordBatch batch, int field, int row)
    {
        if (batch.IsMissing(field, row))
            return null;
        var spec = batch.Spec.Fields[field];
        var text = spec.Kind switch
        {
            FieldKind.Boolean => batch.Numbers(field)[row] != 0 ? "true" : "false",
            FieldKind.Numeric or FieldKind.Timestamp => FieldWriting.Write(spec, batch.Numbers(field)[row]),
            _ => Encoding.UTF8.GetString(batch.Text(field, row)),
        };
        return IsMasked(spec) ? Masking.Mask(text) : text;
    }

    /// <summary>Tells whether only the end of a field's values may be shown; a key is masked unless it says otherwise.</summary>
    protected static bool IsMasked(FieldSpec field) =>
        field.PassThrough == PassThrough.Masked || (field.Kind == FieldKind.Key && field.PassThrough != PassThrough.Plain);
}
