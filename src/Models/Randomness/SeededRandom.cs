using System.Numerics;

namespace AEAnomaly.Models.Randomness;

/// <summary>Draws reproducible random numbers: xoshiro256**, seeded by SplitMix64 (Blackman and Vigna, 2018).</summary>
/// <remarks>The sequence depends on the seed alone, not on the runtime's version. Not thread-safe.</remarks>
internal sealed class SeededRandom
{
    private ulong _state0;
    private ulong _state1;
    private ulong _state2;
    private ulong _state3;

    public SeededRandom(ulong seed)
    {
        _state0 = SplitMix(ref seed);
        _state1 = SplitMix(ref seed);
        _state2 = SplitMix(ref seed);
        _state3 = SplitMix(ref seed);
    }

    /// <summary>Creates a generator whose stream is independent of this one's, for a named purpose; this one advances by one draw.</summary>
    public SeededRandom Split() => new(NextUInt64());

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_state1 * 5, 7) * 9;
        var shifted = _state1 << 17;
        _state2 ^= _state0;
        _state3 ^= _state1;
        _state1 ^= _state2;
        _state0 ^= _state3;
        _state2 ^= shifted;
        _state3 = BitOperations.RotateLeft(_state3, 45);
        return result;
    }

    /// <summary>Draws from [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws from 0 to <paramref name="exclusiveMax"/> - 1 without bias (Lemire, 2019).</summary>
    public int NextInt32(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMax, 1);
        var range = (uint)exclusiveMax;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var threshold = (0u - range) % range;
            while ((uint)product < threshold)
                product = (NextUInt64() >> 32) * range;
        }

        return (int)(product >> 32);
    }

    /// <summary>Draws from the standard normal distribution; see <see cref="NormalZiggurat"/>.</summary>
    public double NextNormal() => NormalZiggurat.Next(this);

    /// <summary>Brings the values into a random order (Fisher-Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
