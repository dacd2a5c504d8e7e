namespace AEAnomaly.Models.Kernels;

/// <summary>Gives kernels written once the arithmetic of one register width.</summary>
/// <typeparam name="TVector">The register: a vector of floats, or a float.</typeparam>
/// <remarks>
/// Every operation rounds exactly once, as IEEE 754 says, so a kernel gives each lane the same bits on every implementation.
/// The methods are static and abstract, and the vector is the plain runtime type: the compiler sees straight-line code without wrappers.
/// </remarks>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Gets the number of floats in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Gets the most rows a tile two registers wide can have before accumulators spill to memory.</summary>
    static abstract int MaxTileRows { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    /// <summary>Computes left * right + addend with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    static abstract TVector SquareRoot(TVector value);

    static abstract TVector Abs(TVector value);

    /// <summary>Gives the larger of a lane and <paramref name="right"/>, which is never NaN; <paramref name="right"/> where the lanes are equal or the left one is NaN.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>Gives <paramref name="whenGreater"/> where left &gt; right, otherwise <paramref name="otherwise"/>.</summary>
    static abstract TVector SelectGreater(TVector left, TVector right, TVector whenGreater, TVector otherwise);

    /// <summary>Computes 2^n from 1.5 * 2^23 + n, with n in [-126, 127].</summary>
    static abstract TVector PowerOfTwo(TVector shifted);

    /// <summary>Splits a positive normal number into mantissa * 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)).</summary>
    static abstract TVector Split(TVector value, out TVector exponent);
}
