using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AEAnomaly.Models.Kernels;

/// <summary>Names the vector registers a kernel works with; all of them give the same bits.</summary>
internal enum VectorWidth
{
    /// <summary>One float at a time.</summary>
    Scalar = 1,

    /// <summary>4 floats: Arm AdvSimd.</summary>
    Bits128 = 4,

    /// <summary>8 floats: AVX2 with FMA.</summary>
    Bits256 = 8,

    /// <summary>16 floats: AVX-512.</summary>
    Bits512 = 16,
}

/// <summary>Knows which vector registers this machine multiplies fastest with.</summary>
internal static class VectorWidths
{
    /// <summary>Gets the widest registers that this machine has a fused multiply-add for.</summary>
    public static VectorWidth Widest { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? VectorWidth.Bits512
        : Fma.IsSupported && Avx2.IsSupported ? VectorWidth.Bits256
        : AdvSimd.Arm64.IsSupported ? VectorWidth.Bits128
        : VectorWidth.Scalar;
}
