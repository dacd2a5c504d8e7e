using System.Text;

namespace AEAnomaly.TestKit.Fuzzing;

/// <summary>Makes damaged variants of good input: the same ones for the same seed.</summary>
/// <param name="seed">Seed.</param>
/// <param name="samples">Good input.</param>
/// <param name="tokens">What the format has a meaning for, to be put where it is not expected.</param>
public sealed class Mutator(int seed, IReadOnlyList<byte[]> samples, IReadOnlyList<string> tokens)
{
    private const int MostChanges = 5;
    private const int LongestRun = 40;

    private static readonly byte[] TellingBytes = [0, 1, 9, 10, 13, 32, 34, 44, 48, 57, 58, 91, 92, 93, 123, 125, 127, 128, 0xC0, 0xE2, 0xED, 0xF0, 0xFE, 0xFF];
    private static readonly string[] Numbers =
        ["0", "-0", "-1", "1e999", "-1e-999", "NaN", "Infinity", "2147483648", "-9223372036854775809", "18446744073709551616", "99999999999999999999999999", "0.1e1", "1e-400", "9999-12-31T23:59:59Z", "null", "true"];

    private readonly Random _random = new(seed);
    private readonly byte[][] _tokens = [.. tokens.Concat(Numbers).Select(Encoding.UTF8.GetBytes)];
    private byte[] _buffer = new byte[1024];
    private int _length;

    /// <summary>Makes the next variant; it lives until the one after it.</summary>
    public ReadOnlySpan<byte> Next()
    {
        Load(samples[_random.Next(samples.Count)]);
        for (var changes = 1 + _random.Next(MostChanges); changes > 0; changes--)
            Change();
        return _buffer.AsSpan(0, _length);
    }

    private void Load(byte[] sample)
    {
        _length = 0;
        Insert(0, sample);
    }

    private void Change()
    {
        var at = _random.Next(_length + 1);
        switch (_random.Next(10))
        {
            case 0 or 1 when at < _length:
                _buffer[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2 when at < _length:
                _buffer[at] = TellingBytes[_random.Next(TellingBytes.Length)];
                break;
            case 3:
                Insert(at, TellingBytes.AsSpan(_random.Next(TellingBytes.Length), 1));
                break;
            case 4 or 5:
                Insert(at, _tokens[_random.Next(_tokens.Length)]);
                break;
            case 6:
                Remove(at, _random.Next(LongestRun));
                break;
            case 7:
                // The same once more, or what stands elsewhere.
                var from = _random.Next(_length + 1);
                Insert(at, _buffer.AsSpan(from, Math.Min(_random.Next(LongestRun), _length - from)).ToArray());
                break;
            case 8:
                var other = samples[_random.Next(samples.Count)];
                var begin = _random.Next(other.Length + 1);
                Remove(at, _random.Next(LongestRun));
                Insert(at, other.AsSpan(begin, Math.Min(_random.Next(LongestRun), other.Length - begin)));
                break;
            case 9 when _random.Next(3) == 0:
                _length = at;
                break;
        }
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length)
            Array.Resize(ref _buffer, 2 * (_length + bytes.Length));
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(at));
        _length += bytes.Length;
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        _buffer.AsSpan(at + count, _length - at - count).CopyTo(_buffer.AsSpan(at));
        _length -= count;
    }
}
