namespace AEAnomaly.Models.Kernels;

/// <summary>Holds floats that begin on a 64-byte border and never move, so that kernels may keep their address as long as they keep this object.</summary>
internal sealed unsafe class AlignedFloats
{
    private const int AlignmentBytes = 64;

    private readonly float[] _values;
    private readonly int _offset;

    /// <summary>Creates zeroed memory.</summary>
    /// <param name="length">Number of floats.</param>
    public AlignedFloats(int length)
    {
        Length = length;
        _values = GC.AllocateArray<float>(length + (AlignmentBytes / sizeof(float)) - 1, pinned: true);
        var address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_values));
        var aligned = (address + (AlignmentBytes - 1)) & ~(nuint)(AlignmentBytes - 1);
        _offset = (int)((aligned - address) / sizeof(float));
        Pointer = (float*)aligned;
    }

    /// <summary>Gets the number of floats.</summary>
    public int Length { get; }

    /// <summary>Gets the first float.</summary>
    public float* Pointer { get; }

    /// <summary>Gets the floats.</summary>
    public Span<float> Span => _values.AsSpan(_offset, Length);
}
