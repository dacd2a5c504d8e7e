using System.Numerics;

namespace AEAnomaly.Detection.History;

/// <summary>Hashes texts the same way in every process: what is remembered outlives one.</summary>
internal static class KeyHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    /// <summary>Hashes bytes (FNV-1a by eight bytes, finished as in SplitMix64).</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325 ^ ((ulong)bytes.Length * Prime);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++)
            rest |= (ulong)bytes[i] << (8 * i);
        return Mix(hash ^ rest);
    }

    /// <summary>Hashes a number by its bits.</summary>
    public static ulong Of(double number) => Mix(BitConverter.DoubleToUInt64Bits(number));

    /// <summary>Spreads the bits of a number (the finisher of SplitMix64; Steele, Lea and Flood 2014).</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return BitOperations.RotateLeft(bits ^ (bits >> 31), 17) * Prime;
    }
}
