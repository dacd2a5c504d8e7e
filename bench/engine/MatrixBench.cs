using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures matrix products of the shapes that training needs.</summary>
internal static class MatrixBench
{
    private static readonly (int M, int N, int K, bool TransposeA, bool TransposeB)[] Shapes =
    [
        (1, 64, 30, false, false),
        (32, 64, 30, false, true),
        (256, 64, 30, false, true),
        (256, 30, 64, false, true),
        (256, 16, 32, false, true),
        (30, 64, 256, true, false),
        (256, 128, 196, false, false),
        (256, 196, 128, false, true),
        (196, 128, 256, true, false),
        (256, 256, 128, false, false),
        (4096, 256, 128, false, false),
        (1024, 1024, 1024, false, false),
    ];

    public static IEnumerable<Sample?> Run(Sampler sampler, VectorWidth width)
    {
        foreach (var (m, n, k, transposeA, transposeB) in Shapes)
        {
            var (a, b, c) = (new float[m * k], new float[k * n], new float[m * n]);
            Array.Fill(a, 0.5f);
            Array.Fill(b, 0.25f);
            var name = $"product [{m}, {k}]{(transposeA ? "ᵀ" : "")} [{k}, {n}]{(transposeB ? "ᵀ" : "")}";
            yield return sampler.Measure(
                name, 2.0 * m * n * k, m, () => MatrixKernels.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate: false, width));
        }
    }
}
