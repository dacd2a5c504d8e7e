using AEAnomaly.Models.Kernels;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Kernels;

public sealed class MatrixKernelsTests
{
    private static readonly int[] Sizes = [1, 7, 33, 65];

    public static TheoryData<string> Widths => [.. Enum.GetNames<VectorWidth>()];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_OddSizesAllTransposes_MatchesDoubleReference(string widthName)
    {
        var width = Enum.Parse<VectorWidth>(widthName);
        foreach (var m in Sizes)
        {
            foreach (var n in Sizes)
            {
                foreach (var k in Sizes)
                {
                    for (var mode = 0; mode < 8; mode++)
                        CheckProduct(m, n, k, (mode & 1) != 0, (mode & 2) != 0, (mode & 4) != 0, width);
                }
            }
        }
    }

    [Theory]
    [InlineData(256, 128, 196)]
    [InlineData(14, 32, 256)]
    [InlineData(57, 48, 513)]
    [InlineData(130, 96, 1030)]
    [InlineData(3, 2048, 17)]
    [InlineData(4, 16, 0)]
    public void Multiply_WholeTilesAndDeepProducts_MatchesDoubleReference(int m, int n, int k)
    {
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            for (var mode = 0; mode < 8; mode++)
                CheckProduct(m, n, k, (mode & 1) != 0, (mode & 2) != 0, (mode & 4) != 0, width);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_AnyVectorWidth_GivesTheBitsOfTheScalarChain(string widthName)
    {
        const int M = 29, N = 41, K = 530;
        var (a, b) = (Random(M * K, 1), Random(K * N, 2));
        var expected = new float[M * N];
        for (var row = 0; row < M; row++)
        {
            for (var column = 0; column < N; column++)
            {
                var sum = 0f;
                for (var depth = 0; depth < K; depth++)
                    sum = MathF.FusedMultiplyAdd(a[(row * K) + depth], b[(depth * N) + column], sum);
                expected[(row * N) + column] = sum;
            }
        }

        var actual = new float[M * N];
        MatrixKernels.Multiply(a, false, b, false, actual, M, N, K, accumulate: false, Enum.Parse<VectorWidth>(widthName));

        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Linear_BiasAndRelu_MatchesDoubleReference(string widthName)
    {
        var width = Enum.Parse<VectorWidth>(widthName);
        foreach (var (m, n, k) in new[] { (1, 1, 1), (7, 33, 65), (33, 7, 300), (65, 64, 31), (256, 30, 64), (5, 48, 513) })
        {
            foreach (var (relu, transposed) in new[] { (false, false), (true, false), (false, true), (true, true) })
            {
                var (input, weights, bias) = (Random(m * k, 3), Random(k * n, 4), Random(n, 5));
                var output = Enumerable.Repeat(float.NaN, m * n).ToArray();
                MatrixKernels.Linear(input, weights, transposed, bias, output, m, n, k, relu, width);
                for (var row = 0; row < m; row++)
                {
                    for (var column = 0; column < n; column++)
                    {
                        var (sum, magnitude) = Dot(input, weights, m, n, k, row, column, false, transposed);
                        sum += bias[column];
                        AssertClose(relu ? Math.Max(sum, 0) : sum, output[(row * n) + column], magnitude + 1, k);
                    }
                }
            }
        }
    }

    [Fact]
    public void Multiply_AnyRowAndBatch_GivesTheSameBits()
    {
        const int N = 37, K = 70;
        var (a, b) = (Random(100 * K, 6), Random(K * N, 7));
        var whole = new float[100 * N];
        MatrixKernels.Multiply(a, false, b, false, whole, 100, N, K, accumulate: false);
        var one = new float[N];
        for (var row = 0; row < 100; row++)
        {
            MatrixKernels.Multiply(a.AsSpan(row * K, K), false, b, false, one, 1, N, K, accumulate: false);
            Assert.Equal(whole.AsSpan(row * N, N).ToArray(), one);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 33, 7)]
    [InlineData(33, 7, 65)]
    [InlineData(65, 70, 513)]
    [InlineData(256, 30, 64)]
    public void MultiplyMasked_EveryVectorWidth_GivesTheBitsOfProductMaskAndSums(int m, int n, int k)
    {
        var (a, b, before) = (Random(m * k, 13), Random(k * n, 14), Random(n, 15));
        var mask = Random(m * n, 16).Select(x => Math.Max(x, 0)).ToArray();
        var expected = new float[m * n];
        MatrixKernels.Multiply(a, false, b, false, expected, m, n, k, accumulate: false, VectorWidth.Scalar);
        GradientKernels.MaskByRelu(mask, expected, VectorWidth.Scalar);
        var expectedSums = (float[])before.Clone();
        GradientKernels.AddColumnSums(expected, m, n, expectedSums, VectorWidth.Scalar);
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var (product, sums) = (Enumerable.Repeat(float.NaN, m * n).ToArray(), (float[])before.Clone());
            MatrixKernels.MultiplyMasked(a, b, mask, product, sums, m, n, k, width);

            Assert.Equal(expected, product);
            Assert.Equal(expectedSums, sums);
        }
    }

    [Fact]
    public void MultiplyMasked_WrongLength_NamesTheShape()
    {
        var error = Assert.Throws<ArgumentException>(
            () => MatrixKernels.MultiplyMasked(new float[6], new float[6], new float[3], new float[4], new float[2], 2, 2, 3));

        Assert.Contains("[2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Multiply_SteadyState_AllocatesNothing()
    {
        const int M = 65, N = 33, K = 40;
        var (a, b, c) = (Random(M * K, 8), Random(K * N, 9), new float[M * N]);

        Assert.Equal(0, Allocations.InSteadyState(() => MatrixKernels.Multiply(a, false, b, false, c, M, N, K, accumulate: true)));
    }

    [Fact]
    public void Multiply_WrongLength_NamesBothShapes()
    {
        var error = Assert.Throws<ArgumentException>(
            () => MatrixKernels.Multiply(new float[5], false, new float[6], false, new float[4], 2, 2, 3, accumulate: false));

        Assert.Contains("[2, 3] times [3, 2]", error.Message, StringComparison.Ordinal);
    }

    private static void CheckProduct(int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, VectorWidth width)
    {
        var (a, b, before) = (Random(m * k, 10), Random(k * n, 11), Random(m * n, 12));
        var c = accumulate ? (float[])before.Clone() : Enumerable.Repeat(float.NaN, m * n).ToArray();
        MatrixKernels.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, width);
        for (var row = 0; row < m; row++)
        {
            for (var column = 0; column < n; column++)
            {
                var (sum, magnitude) = Dot(a, b, m, n, k, row, column, transposeA, transposeB);
                var index = (row * n) + column;
                AssertClose(accumulate ? sum + before[index] : sum, c[index], magnitude + 1, k);
            }
        }
    }

    private static (double Sum, double Magnitude) Dot(
        float[] a, float[] b, int m, int n, int k, int row, int column, bool transposeA, bool transposeB)
    {
        var (sum, magnitude) = (0d, 0d);
        for (var depth = 0; depth < k; depth++)
        {
            double left = transposeA ? a[(depth * m) + row] : a[(row * k) + depth];
            double right = transposeB ? b[(column * k) + depth] : b[(depth * n) + column];
            sum += left * right;
            magnitude += Math.Abs(left * right);
        }

        return (sum, magnitude);
    }

    // A chain of k fused multiply-adds is off by at most (k + 1) half-units of the sum of magnitudes.
    private static void AssertClose(double expected, float actual, double magnitude, int k)
    {
        var bound = (k + 2) * 6e-8 * magnitude;
        Assert.True(Math.Abs(expected - actual) <= bound, $"expected {expected}, got {actual}, bound {bound}");
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)((random.NextDouble() * 2) - 1);
        return values;
    }
}
