using System.Numerics;
using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Randomness;

/// <summary>Draws reproducible random numbers: xoshiro256**, seeded by SplitMix64 (Blackman and Vigna, 2018).</summary>
/// <remarks>The sequence depends on the seed alone, not on the runtime's version. Not thread-safe.</remarks>
internal sealed class SeededRandom
{
    private ulong _state0;
    private ulong _state1;
    private ulong _state2;
    private ulong _state3;
    private double _spareNormal = double.NaN;

    public SeededRandom(ulong seed)
    {
        _state0 = SplitMix(ref seed);
        _state1 = SplitMix(ref seed);
        _state2 = SplitMix(ref seed);
        _state3 = SplitMix(ref seed);
    }

    /// <summary>Creates a generator whose stream is independent of this one's, for a named purpose; this one advances by one draw.</summary>
    public SeededRandom Split() => new(NextUInt64());

    public ulong NextUInt64() => Advance(ref _state0, ref _state1, ref _state2, ref _state3);

    /// <summary>Draws from [0, 1).</summary>
    public double NextDouble() => UnitInterval(NextUInt64());

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

    /// <summary>Draws from the standard normal distribution (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);

        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareNormal = y * factor;
        return x * factor;
    }

    /// <summary>Draws from the standard normal distribution: as many calls of <see cref="NextNormal"/>, in order, and cheaper.</summary>
    /// <param name="values">Receives the draws.</param>
    public void FillNormal(Span<float> values)
    {
        var next = 0;
        if (!double.IsNaN(_spareNormal) && values.Length > 0)
            values[next++] = (float)NextNormal();

        // The state stays in registers, and two draws are made at a time; what is left over waits as a spare.
        var (state0, state1, state2, state3) = (_state0, _state1, _state2, _state3);
        while (next < values.Length)
        {
            double x, y, square;
            do
            {
                x = (2 * UnitInterval(Advance(ref state0, ref state1, ref state2, ref state3))) - 1;
                y = (2 * UnitInterval(Advance(ref state0, ref state1, ref state2, ref state3))) - 1;
                square = (x * x) + (y * y);
            }
            while (square is >= 1 or 0);

            var factor = Math.Sqrt(-2 * Math.Log(square) / square);
            values[next++] = (float)(x * factor);
            if (next < values.Length)
                values[next++] = (float)(y * factor);
            else
                _spareNormal = y * factor;
        }

        (_state0, _state1, _state2, _state3) = (state0, state1, state2, state3);
    }

    /// <summary>Brings the values into a random order (Fisher-Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static double UnitInterval(ulong draw) => (draw >> 11) * (1.0 / (1UL << 53));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Advance(ref ulong state0, ref ulong state1, ref ulong state2, ref ulong state3)
    {
        var result = BitOperations.RotateLeft(state1 * 5, 7) * 9;
        var shifted = state1 << 17;
        state2 ^= state0;
        state3 ^= state1;
        state1 ^= state2;
        state0 ^= state3;
        state2 ^= shifted;
        state3 = BitOperations.RotateLeft(state3, 45);
        return result;
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
