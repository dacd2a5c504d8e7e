using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace AEAnomaly.Ingest.Files;

/// <summary>Holds one column of a row group, and writes its values as JSON.</summary>
internal abstract class ParquetColumn
{
    private readonly JsonEncodedText _name;

    private ParquetColumn(Field field) =>
        _name = JsonEncodedText.Encode(string.Join('.', field.Path.ToList()), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>Reads a column.</summary>
    /// <param name="field">Column with one value a row.</param>
    /// <param name="group">Row group.</param>
    /// <param name="rows">Rows of the group.</param>
    /// <returns>The column; of a type that has no place in a record, say raw bytes, one that only tells that there is something.</returns>
    public static Task<ParquetColumn> ReadAsync(DataField field, ParquetRowGroupReader group, int rows)
    {
        var type = field.ClrType;
        if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
            return TextsAsync(field, group, rows);
        if (type == typeof(bool))
            return ValuesAsync<bool>(field, group, rows, static (json, value) => json.WriteBooleanValue(value));
        if (type == typeof(sbyte))
            return ValuesAsync<sbyte>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(byte))
            return ValuesAsync<byte>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(short))
            return ValuesAsync<short>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(ushort))
            return ValuesAsync<ushort>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(int))
            return ValuesAsync<int>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(uint))
            return ValuesAsync<uint>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(long))
            return ValuesAsync<long>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(ulong))
            return ValuesAsync<ulong>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(float))
            return ValuesAsync<float>(field, group, rows, static (json, value) => WriteFinite(json, value, value.ToString(CultureInfo.InvariantCulture)));
        if (type == typeof(double))
            return ValuesAsync<double>(field, group, rows, static (json, value) => WriteFinite(json, value, value.ToString(CultureInfo.InvariantCulture)));
        if (type == typeof(decimal))
            return ValuesAsync<decimal>(field, group, rows, static (json, value) => json.WriteNumberValue(value));
        if (type == typeof(BigInteger))
            return ValuesAsync<BigInteger>(field, group, rows, static (json, value) => json.WriteRawValue(value.ToString(CultureInfo.InvariantCulture)));
        if (type == typeof(DateTime))
            return ValuesAsync<DateTime>(field, group, rows, static (json, value) => json.WriteStringValue(value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)));
        if (type == typeof(DateOnly))
            return ValuesAsync<DateOnly>(field, group, rows, static (json, value) => json.WriteStringValue(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        if (type == typeof(TimeOnly))
            return ValuesAsync<TimeOnly>(field, group, rows, static (json, value) => json.WriteNumberValue(value.ToTimeSpan().TotalSeconds));
        if (type == typeof(TimeSpan))
            return ValuesAsync<TimeSpan>(field, group, rows, static (json, value) => json.WriteNumberValue(value.TotalSeconds));
        if (type == typeof(Guid))
            return ValuesAsync<Guid>(field, group, rows, static (json, value) => json.WriteStringValue(value));
        return Task.FromResult(Nested(field));
    }

    /// <summary>Creates a column whose values cannot be fields, of which only that they are there is told: lists, maps, raw bytes.</summary>
    public static ParquetColumn Nested(Field field) => new NestedColumn(field);

    /// <summary>Writes name and value.</summary>
    public void Write(Utf8JsonWriter json, int row)
    {
        json.WritePropertyName(_name);
        WriteValue(json, row);
    }

    protected abstract void WriteValue(Utf8JsonWriter json, int row);

    private static async Task<ParquetColumn> TextsAsync(DataField field, ParquetRowGroupReader group, int rows)
    {
        var values = new string?[rows];
        await group.ReadAsync(field, values!).ConfigureAwait(false);
        return new TextColumn(field, values);
    }

    private static async Task<ParquetColumn> ValuesAsync<T>(DataField field, ParquetRowGroupReader group, int rows, Action<Utf8JsonWriter, T> write)
        where T : struct
    {
        var values = new T?[rows];
        if (field.MaxDefinitionLevel > 0)
        {
            await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
        }
        else
        {
            var present = new T[rows];
            await group.ReadAsync<T>(field, present.AsMemory()).ConfigureAwait(false);
            for (var i = 0; i < rows; i++)
                values[i] = present[i];
        }

        return new ValueColumn<T>(field, values, write);
    }

    private static void WriteFinite(Utf8JsonWriter json, double value, string text)
    {
        if (double.IsNaN(value))
            json.WriteNullValue();
        else if (double.IsInfinity(value))
            json.WriteStringValue(value > 0 ? "inf" : "-inf");
        else
            json.WriteRawValue(text, skipInputValidation: true);
    }

    private sealed class NestedColumn(Field field) : ParquetColumn(field)
    {
        protected override void WriteValue(Utf8JsonWriter json, int row)
        {
            json.WriteStartArray();
            json.WriteEndArray();
        }
    }

    private sealed class TextColumn(Field field, string?[] values) : ParquetColumn(field)
    {
        protected override void WriteValue(Utf8JsonWriter json, int row) => json.WriteStringValue(values[row]);
    }

    private sealed class ValueColumn<T>(Field field, T?[] values, Action<Utf8JsonWriter, T> write) : ParquetColumn(field)
        where T : struct
    {
        protected override void WriteValue(Utf8JsonWriter json, int row)
        {
            if (values[row] is { } value)
                write(json, value);
            else
                json.WriteNullValue();
        }
    }
}
