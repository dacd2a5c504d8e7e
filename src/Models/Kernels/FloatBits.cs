namespace AEAnomaly.Models.Kernels;

/// <summary>Names the parts of an IEEE 754 single.</summary>
internal static class FloatBits
{
    public const int MantissaBits = 23;

    public const int ExponentBias = 127;

    /// <summary>Bits of sqrt(1/2).</summary>
    public const int SquareRootOfHalf = 0x3F3504F3;
}
