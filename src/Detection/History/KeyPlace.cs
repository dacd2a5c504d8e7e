using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AEAnomaly.Detection.History;

/// <summary>Where a key was last, and when; single precision places it within a metre.</summary>
/// <param name="Seconds">Seconds since 1970-01-01 UTC; 0 and both coordinates 0 before the first place.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
internal readonly record struct KeyPlace(double Seconds, float Latitude, float Longitude)
{
    /// <summary>Bytes of a place.</summary>
    public static readonly int Bytes = Unsafe.SizeOf<KeyPlace>();

    /// <summary>Gets whether there is one.</summary>
    public bool IsKnown => this != default;

    public static KeyPlace Read(ReadOnlySpan<byte> state) => MemoryMarshal.Read<KeyPlace>(state);

    public void Write(Span<byte> state) => MemoryMarshal.Write(state, in this);
}
