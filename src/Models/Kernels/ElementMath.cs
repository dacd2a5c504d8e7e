using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Computes transcendental functions lane by lane, by a fixed sequence of correctly rounded operations: the same bits on every machine and vector width.</summary>
/// <remarks>
/// The platform's own functions differ in the last bits between operating systems and between scalar and vector code. Polynomials are those of Moshier's Cephes
/// library (expf, logf, tanhf). Errors were measured against double precision over the stated range; a unit is one in the last place of the result.
/// </remarks>
internal static class ElementMath
{
    // Past these, 2^n leaves the range of normal numbers; the result stays at the nearest one inside.
    private const float MinExponent = -87.33654f;
    private const float MaxExponent = 88.37626f;

    // Adding it rounds to the nearest integer and leaves that in the low bits of the mantissa.
    private const float RoundingShift = 12582912f;
    private const float Log2E = 1.44269504088896341f;

    // ln 2 in two parts; the high part has so few bits that its products with small integers are exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>Computes e^x: within 1 unit for x in [-87.33, 88.37], clamped to e^-87.33 and e^88.37 outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var most = TLanes.Broadcast(MaxExponent);
        x = TLanes.Max(x, TLanes.Broadcast(MinExponent));
        x = TLanes.SelectGreater(x, most, most, x);
        var shift = TLanes.Broadcast(RoundingShift);
        var shifted = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2E), shift);
        var power = TLanes.Subtract(shifted, shift);
        var rest = TLanes.MultiplyAdd(power, TLanes.Broadcast(-Ln2High), x);
        rest = TLanes.MultiplyAdd(power, TLanes.Broadcast(-Ln2Low), rest);
        var polynomial = TLanes.Broadcast(1.9875691500e-4f);
        polynomial = TLanes.MultiplyAdd(polynomial, rest, TLanes.Broadcast(1.3981999507e-3f));
        polynomial = TLanes.MultiplyAdd(polynomial, rest, TLanes.Broadcast(8.3334519073e-3f));
        polynomial = TLanes.MultiplyAdd(polynomial, rest, TLanes.Broadcast(4.1665795894e-2f));
        polynomial = TLanes.MultiplyAdd(polynomial, rest, TLanes.Broadcast(1.6666665459e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, rest, TLanes.Broadcast(5.0000001201e-1f));
        var result = TLanes.MultiplyAdd(polynomial, TLanes.Multiply(rest, rest), rest);
        return TLanes.Multiply(TLanes.Add(result, TLanes.Broadcast(1f)), TLanes.PowerOfTwo(shifted));
    }

    /// <summary>Computes ln x for positive normal x: within 1 unit; 0 exactly for 1, never below 0 for x of at least 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var mantissa = TLanes.Split(x, out var power);
        var f = TLanes.Subtract(mantissa, TLanes.Broadcast(1f));
        var square = TLanes.Multiply(f, f);
        var polynomial = TLanes.Broadcast(7.0376836292e-2f);
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(-1.1514610310e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(1.1676998740e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(-1.2420140846e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(1.4249322787e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(-1.6668057665e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(2.0000714765e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(-2.4999993993e-1f));
        polynomial = TLanes.MultiplyAdd(polynomial, f, TLanes.Broadcast(3.3333331174e-1f));
        var rest = TLanes.Multiply(TLanes.Multiply(polynomial, f), square);
        rest = TLanes.MultiplyAdd(power, TLanes.Broadcast(Ln2Low), rest);
        rest = TLanes.MultiplyAdd(square, TLanes.Broadcast(-0.5f), rest);
        return TLanes.MultiplyAdd(power, TLanes.Broadcast(Ln2High), TLanes.Add(f, rest));
    }

    /// <summary>Computes softplus(x) - max(x, 0) = ln(1 + e^-|x|): within 2 units, never below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SoftplusRest<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        var one = TLanes.Broadcast(1f);
        var small = Exp<TLanes, TVector>(TLanes.Subtract(zero, TLanes.Abs(x)));
        var sum = TLanes.Add(one, small);

        // What rounding took from the sum comes back to first order.
        var lost = TLanes.Subtract(small, TLanes.Subtract(sum, one));
        return TLanes.Add(Log<TLanes, TVector>(sum), TLanes.Divide(lost, sum));
    }

    /// <summary>Computes 1 / (1 + e^-x): within 2.5 units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        var one = TLanes.Broadcast(1f);
        var small = Exp<TLanes, TVector>(TLanes.Subtract(zero, TLanes.Abs(x)));
        return TLanes.Divide(TLanes.SelectGreater(x, zero, one, small), TLanes.Add(one, small));
    }

    /// <summary>Computes tanh x: within 2 units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        var one = TLanes.Broadcast(1f);
        var magnitude = TLanes.Abs(x);
        var square = TLanes.Multiply(x, x);
        var near = TLanes.Broadcast(-5.70498872745e-3f);
        near = TLanes.MultiplyAdd(near, square, TLanes.Broadcast(2.06390887954e-2f));
        near = TLanes.MultiplyAdd(near, square, TLanes.Broadcast(-5.37397155531e-2f));
        near = TLanes.MultiplyAdd(near, square, TLanes.Broadcast(1.33314422036e-1f));
        near = TLanes.MultiplyAdd(near, square, TLanes.Broadcast(-3.33332819422e-1f));
        near = TLanes.MultiplyAdd(TLanes.Multiply(near, square), x, x);

        // Away from 0, where 1 - 2 / (e^2x + 1) does not cancel.
        var grown = TLanes.Add(Exp<TLanes, TVector>(TLanes.Add(magnitude, magnitude)), one);
        var far = TLanes.Subtract(one, TLanes.Divide(TLanes.Broadcast(2f), grown));
        far = TLanes.SelectGreater(zero, x, TLanes.Subtract(zero, far), far);
        return TLanes.SelectGreater(magnitude, TLanes.Broadcast(0.625f), far, near);
    }
}
