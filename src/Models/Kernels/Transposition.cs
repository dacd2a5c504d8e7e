using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AEAnomaly.Models.Kernels;

/// <summary>Copies a matrix so that rows become columns.</summary>
internal static unsafe class Transposition
{
    /// <summary>Copies source[row, column] to destination[column, row].</summary>
    /// <param name="source">First element of the source.</param>
    /// <param name="sourceStep">Floats from one source row to the next.</param>
    /// <param name="destination">First element of the destination; does not overlap the source.</param>
    /// <param name="destinationStep">Floats from one destination row to the next.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, nint sourceStep, float* destination, nint destinationStep, int rows, int columns)
    {
        var row = 0;
        if (Avx512F.IsSupported && columns >= 16)
        {
            for (; row + 16 <= rows; row += 16)
            {
                for (var column = 0; column < columns; column += 16)
                {
                    // The last block overlaps the one before it rather than reading past the row.
                    var from = Math.Min(column, columns - 16);
                    Copy16(source + (row * sourceStep) + from, sourceStep, destination + (from * destinationStep) + row, destinationStep);
                }
            }
        }

        if (Avx.IsSupported && columns >= 8)
        {
            for (; row + 8 <= rows; row += 8)
            {
                for (var column = 0; column < columns; column += 8)
                {
                    var from = Math.Min(column, columns - 8);
                    Copy8(source + (row * sourceStep) + from, sourceStep, destination + (from * destinationStep) + row, destinationStep);
                }
            }
        }

        for (; row < rows; row++)
        {
            var from = source + (row * sourceStep);
            var to = destination + row;
            for (var column = 0; column < columns; column++)
                to[column * destinationStep] = from[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy8(float* source, nint sourceStep, float* destination, nint destinationStep)
    {
        var r0 = Vector256.Load(source);
        var r1 = Vector256.Load(source + sourceStep);
        var r2 = Vector256.Load(source + (2 * sourceStep));
        var r3 = Vector256.Load(source + (3 * sourceStep));
        source += 4 * sourceStep;
        var r4 = Vector256.Load(source);
        var r5 = Vector256.Load(source + sourceStep);
        var r6 = Vector256.Load(source + (2 * sourceStep));
        var r7 = Vector256.Load(source + (3 * sourceStep));

        // Pairs of rows, then fours, within 128-bit halves; then the halves change places.
        var (p0, p1) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1));
        var (p2, p3) = (Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        var (p4, p5) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5));
        var (p6, p7) = (Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
        r0 = Avx.Shuffle(p0, p2, 0x44);
        r1 = Avx.Shuffle(p0, p2, 0xEE);
        r2 = Avx.Shuffle(p1, p3, 0x44);
        r3 = Avx.Shuffle(p1, p3, 0xEE);
        r4 = Avx.Shuffle(p4, p6, 0x44);
        r5 = Avx.Shuffle(p4, p6, 0xEE);
        r6 = Avx.Shuffle(p5, p7, 0x44);
        r7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Permute2x128(r0, r4, 0x20).Store(destination);
        Avx.Permute2x128(r1, r5, 0x20).Store(destination + destinationStep);
        Avx.Permute2x128(r2, r6, 0x20).Store(destination + (2 * destinationStep));
        Avx.Permute2x128(r3, r7, 0x20).Store(destination + (3 * destinationStep));
        destination += 4 * destinationStep;
        Avx.Permute2x128(r0, r4, 0x31).Store(destination);
        Avx.Permute2x128(r1, r5, 0x31).Store(destination + destinationStep);
        Avx.Permute2x128(r2, r6, 0x31).Store(destination + (2 * destinationStep));
        Avx.Permute2x128(r3, r7, 0x31).Store(destination + (3 * destinationStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy16(float* source, nint sourceStep, float* destination, nint destinationStep)
    {
        // Four rows at a time become four registers, each with one 4x4 block transposed in every 128-bit lane.
        Fours(source, sourceStep, out var a0, out var a1, out var a2, out var a3);
        Fours(source + (4 * sourceStep), sourceStep, out var b0, out var b1, out var b2, out var b3);
        Fours(source + (8 * sourceStep), sourceStep, out var c0, out var c1, out var c2, out var c3);
        Fours(source + (12 * sourceStep), sourceStep, out var d0, out var d1, out var d2, out var d3);
        Lanes(a0, b0, c0, d0, destination, destinationStep);
        Lanes(a1, b1, c1, d1, destination + destinationStep, destinationStep);
        Lanes(a2, b2, c2, d2, destination + (2 * destinationStep), destinationStep);
        Lanes(a3, b3, c3, d3, destination + (3 * destinationStep), destinationStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fours(
        float* source, nint step, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
    {
        var s0 = Vector512.Load(source);
        var s1 = Vector512.Load(source + step);
        var s2 = Vector512.Load(source + (2 * step));
        var s3 = Vector512.Load(source + (3 * step));
        var (p0, p1) = (Avx512F.UnpackLow(s0, s1), Avx512F.UnpackHigh(s0, s1));
        var (p2, p3) = (Avx512F.UnpackLow(s2, s3), Avx512F.UnpackHigh(s2, s3));
        r0 = Avx512F.Shuffle(p0, p2, 0x44);
        r1 = Avx512F.Shuffle(p0, p2, 0xEE);
        r2 = Avx512F.Shuffle(p1, p3, 0x44);
        r3 = Avx512F.Shuffle(p1, p3, 0xEE);
    }

    // Lane i of the four registers is the four parts of column 4 * i (plus the caller's offset).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* destination, nint step)
    {
        var even = Avx512F.Shuffle4x128(a, b, 0x88);
        var odd = Avx512F.Shuffle4x128(a, b, 0xDD);
        var evenHigh = Avx512F.Shuffle4x128(c, d, 0x88);
        var oddHigh = Avx512F.Shuffle4x128(c, d, 0xDD);
        Avx512F.Shuffle4x128(even, evenHigh, 0x88).Store(destination);
        Avx512F.Shuffle4x128(odd, oddHigh, 0x88).Store(destination + (4 * step));
        Avx512F.Shuffle4x128(even, evenHigh, 0xDD).Store(destination + (8 * step));
        Avx512F.Shuffle4x128(odd, oddHigh, 0xDD).Store(destination + (12 * step));
    }
}
