using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Reads messages that have the shape of a template; whatever it is not sure of it leaves to <see cref="JsonObjectReader"/>.</summary>
/// <remarks>
/// The message is copied to a buffer with zeros behind it: vectors may then read past its end, and every scan stops at the first zero, which is no part of
/// valid JSON. Copying 600 bytes costs about a hundredth of reading them.
/// </remarks>
internal sealed unsafe class JsonTemplateScanner
{
    private const int Padding = 64;
    private const ulong EveryByteZeroDigit = 0x3030303030303030;

    private readonly FieldGrammar[] _grammars;
    private readonly bool[] _isOnlyNumeric;
    private readonly bool[] _required;
    private readonly int[] _nextOfSamePath;
    private readonly int _maxTextBytes;
    private byte[] _message = [];
    private int _length;

    public JsonTemplateScanner(FeatureSpec spec, JsonDecoderOptions limits, JsonObjectReader reader)
    {
        _grammars = reader.Grammars;
        _required = [.. spec.Fields.Select(f => f.IsRequired)];
        _nextOfSamePath = reader.NextOfSamePath.ToArray();
        _isOnlyNumeric = [.. _grammars.Select((grammar, field) => grammar is { Kind: FieldKind.Numeric, TakesAnyNumber: true } && _nextOfSamePath[field] < 0)];
        _maxTextBytes = limits.MaxTextBytes;
    }

    private static ReadOnlySpan<ulong> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Takes the message that the next scans read.</summary>
    /// <param name="payload">Valid UTF-8.</param>
    public void Load(ReadOnlySpan<byte> payload)
    {
        if (_message.Length < payload.Length + Padding)
            _message = new byte[Math.Max(_message.Length * 2, payload.Length + Padding)];
        payload.CopyTo(_message);
        _message.AsSpan(payload.Length, Padding).Clear();
        _length = payload.Length;
    }

    /// <summary>Reads the loaded message into a row whose fields are all missing.</summary>
    /// <param name="template">Expected shape.</param>
    /// <param name="batch">Receives the values.</param>
    /// <param name="row">The row.</param>
    /// <returns>False when the message has another shape or is not surely good; the row is then half filled.</returns>
    // What chooses its registers is not compiled beforehand; the first hundred thousand records would be read by code that is not optimised.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryScan(JsonTemplate template, RecordBatch batch, int row)
    {
        fixed (byte* message = _message)
        fixed (byte* fixedBytes = template.FixedBytes)
        {
            var at = message;
            var end = message + _length;
            foreach (ref readonly var slot in template.Slots.AsSpan())
            {
                if (!Matches(at, end, fixedBytes + slot.FixedStart, slot.FixedLength))
                    return false;
                at += slot.FixedLength;
                var first = *at;
                if (slot.MustBeNull && first != 'n')
                    return false;

                var isRead = first switch
                {
                    (byte)'"' => TryString(ref at, slot.Field, batch, row),
                    (byte)'t' => TryLiteral(ref at, "true"u8, 1, slot.Field, batch, row),
                    (byte)'f' => TryLiteral(ref at, "false"u8, 0, slot.Field, batch, row),
                    (byte)'n' => TryNull(ref at, slot.Field),
                    _ => TryNumber(ref at, slot.Field, batch, row),
                };
                if (!isRead)
                    return false;
            }

            return end - at == template.TailLength && Matches(at, end, fixedBytes + template.TailStart, template.TailLength);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(byte* at, byte* end, byte* expected, int length)
    {
        if (Vector256.IsHardwareAccelerated && length <= Vector256<byte>.Count)
        {
            var differing = ~Vector256.Equals(Vector256.Load(at), Vector256.Load(expected)).ExtractMostSignificantBits();
            return (differing & (uint)((1UL << length) - 1)) == 0;
        }

        return end - at >= length && new ReadOnlySpan<byte>(at, length).SequenceEqual(new ReadOnlySpan<byte>(expected, length));
    }

    /// <summary>Reads a string without escapes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryString(ref byte* position, int field, RecordBatch batch, int row)
    {
        var start = position + 1;
        var at = start;
        while (true)
        {
            var block = Vector256.Load(at);
            var stops = Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\')) |
                Vector256.LessThan(block, Vector256.Create((byte)0x20));
            var mask = stops.ExtractMostSignificantBits();
            if (mask != 0)
            {
                at += BitOperations.TrailingZeroCount(mask);
                break;
            }

            at += Vector256<byte>.Count;
        }

        if (*at != '"')
            return false;
        position = at + 1;
        return field < 0 || TryAssignText(new ReadOnlySpan<byte>(start, (int)(at - start)), field, batch, row);
    }

    private bool TryAssignText(ReadOnlySpan<byte> text, int firstField, RecordBatch batch, int row)
    {
        for (var field = firstField; field >= 0; field = _nextOfSamePath[field])
        {
            var grammar = _grammars[field];
            if (FeatureSpec.IsNumber(grammar.Kind))
            {
                if (!TryAssign(grammar.TryRead(text, out var value), value, field, batch, row))
                    return false;
            }
            else if (text.Length > _maxTextBytes)
            {
                return false;
            }
            else if (grammar.TryReadText(text, out var stored))
            {
                batch.SetText(field, row, stored);
            }
            else if (_required[field])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stores what was read; what the reader must name, or find missing, is left to it.</summary>
    private bool TryAssign(ValueStatus status, double value, int field, RecordBatch batch, int row)
    {
        if (status == ValueStatus.Fine)
            batch.SetNumber(field, row, value);
        return status == ValueStatus.Fine || (status == ValueStatus.Missing && !_required[field]);
    }

    private bool TryLiteral(ref byte* position, ReadOnlySpan<byte> literal, double value, int firstField, RecordBatch batch, int row)
    {
        if (!new ReadOnlySpan<byte>(position, literal.Length).SequenceEqual(literal))
            return false;
        position += literal.Length;
        for (var field = firstField; field >= 0; field = _nextOfSamePath[field])
        {
            var kind = _grammars[field].Kind;
            if (kind == FieldKind.Boolean)
                batch.SetNumber(field, row, value);
            else if (FeatureSpec.IsNumber(kind) || literal.Length > _maxTextBytes)
                return false;
            else if (_grammars[field].TryReadText(literal, out var stored))
                batch.SetText(field, row, stored);
            else if (_required[field])
                return false;
        }

        return true;
    }

    private bool TryNull(ref byte* position, int firstField)
    {
        if (!new ReadOnlySpan<byte>(position, 4).SequenceEqual("null"u8))
            return false;
        position += 4;
        for (var field = firstField; field >= 0; field = _nextOfSamePath[field])
        {
            if (_required[field])
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNumber(ref byte* position, int firstField, RecordBatch batch, int row)
    {
        var start = position;
        var at = start;
        var isNegative = *at == '-';
        if (isNegative)
            at++;

        var integerStart = at;
        ulong digits = 0;
        uint digit;
        while ((digit = (uint)(*at - '0')) <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        var digitCount = (int)(at - integerStart);
        if (digitCount == 0 || (digitCount > 1 && *integerStart == '0'))
            return false;

        var fractionDigits = 0;
        if (*at == '.')
        {
            var fractionStart = ++at;
            ReadDigits(ref at, ref digits);
            fractionDigits = (int)(at - fractionStart);
            if (fractionDigits == 0)
                return false;
        }

        if ((*at | 0x20) == 'e' || !NumberText.TryCompose(digits, digitCount + fractionDigits, fractionDigits, isNegative, out var value))
            return TryLongNumber(start, ref position, firstField, batch, row);

        position = at;
        if (firstField < 0)
            return true;
        if (!_isOnlyNumeric[firstField])
            return TryAssignNumber(value, new ReadOnlySpan<byte>(start, (int)(at - start)), firstField, batch, row);
        batch.SetNumber(firstField, row, value);
        return true;
    }

    /// <summary>Reads digits eight at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadDigits(ref byte* position, ref ulong digits)
    {
        while (true)
        {
            var block = Unsafe.ReadUnaligned<ulong>(position);
            var values = block - EveryByteZeroDigit;
            // The highest bit of a byte is set where it is no digit, up to and including the first such byte; later ones do not matter.
            var notDigits = ((block + 0x4646464646464646) | values) & 0x8080808080808080;
            var count = BitOperations.TrailingZeroCount(notDigits) >> 3;
            if (count == 0)
                return;
            if (count == 8)
            {
                digits = (digits * PowersOfTen[8]) + EightDigits(values);
                position += 8;
                continue;
            }

            digits = (digits * PowersOfTen[count]) + EightDigits(values << ((8 - count) * 8));
            position += count;
            return;
        }
    }

    /// <summary>Joins eight digit values, first digit in the lowest byte, by three multiplications.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(ulong values)
    {
        values = (values * 10) + (values >> 8);
        return (((values & 0x000000FF000000FF) * 0x000F424000000064) + (((values >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
    }

    private bool TryAssignNumber(double value, ReadOnlySpan<byte> text, int firstField, RecordBatch batch, int row)
    {
        for (var field = firstField; field >= 0; field = _nextOfSamePath[field])
        {
            var grammar = _grammars[field];
            switch (grammar.Kind)
            {
                case FieldKind.Numeric when grammar.TakesAnyNumber:
                    batch.SetNumber(field, row, value);
                    break;
                case FieldKind.Timestamp when grammar.TakesAnyNumber:
                    batch.SetNumber(field, row, TimestampText.FromUnixNumber(value));
                    break;
                case FieldKind.Boolean when grammar.TakesAnyNumber && value is 0 or 1:
                    batch.SetNumber(field, row, value);
                    break;
                default:
                    if (!TryAssignToken(text, grammar, field, batch, row))
                        return false;
                    break;
            }
        }

        return true;
    }

    /// <summary>Stores a number as its field declares it.</summary>
    private bool TryAssignToken(ReadOnlySpan<byte> token, FieldGrammar grammar, int field, RecordBatch batch, int row)
    {
        if (FeatureSpec.IsNumber(grammar.Kind))
            return TryAssign(grammar.TryReadNumber(token, out var value), value, field, batch, row);
        if (token.Length > _maxTextBytes)
            return false;
        if (!grammar.TryReadNumberAsText(token, out var stored))
            return !_required[field];
        batch.SetText(field, row, stored);
        return true;
    }

    /// <summary>Reads a number that has an exponent or more digits than one division can round.</summary>
    private bool TryLongNumber(byte* start, ref byte* position, int firstField, RecordBatch batch, int row)
    {
        var at = start;
        while ((uint)(*at - '0') <= 9 || *at is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
            at++;
        var text = new ReadOnlySpan<byte>(start, (int)(at - start));
        if (!NumberText.IsJsonNumber(text))
            return false;
        position = at;
        for (var field = firstField; field >= 0; field = _nextOfSamePath[field])
        {
            if (!TryAssignToken(text, _grammars[field], field, batch, row))
                return false;
        }

        return true;
    }
}
