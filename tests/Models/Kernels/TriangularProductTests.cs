using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tests.Kernels;

public sealed class TriangularProductTests
{
    private const float Untouched = -77;

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 7, 33 }, { 33, 7 }, { 65, 196 }, { 256, 98 }, { 5, 530 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MultiplyTriangular_RightTriangle_GivesTheBitsOfTheWholeProduct(int rows, int width)
    {
        var left = Random(rows * width, 1);
        foreach (var registers in Enum.GetValues<VectorWidth>())
        {
            for (var mode = 0; mode < 8; mode++)
            {
                var (isLower, transposed, accumulate) = ((mode & 1) != 0, (mode & 2) != 0, (mode & 4) != 0);
                var triangle = Random(width * width, 2);
                for (var i = 0; i < triangle.Length; i++)
                {
                    // What is stored transposed is the other triangle in memory.
                    var (row, column) = (i / width, i % width);
                    if (isLower != transposed ? row < column : row > column)
                        triangle[i] = 0;
                }

                var (expected, found) = (Random(rows * width, 3), Random(rows * width, 3));
                MatrixKernels.Multiply(left, false, triangle, transposed, expected, rows, width, width, accumulate, registers);
                MatrixKernels.MultiplyTriangular(
                    left, false, triangle, transposed, found, rows, width, width, accumulate, isLower ? MatrixTriangle.RightLower : MatrixTriangle.RightUpper, registers);
                Assert.Equal(expected, found);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MultiplyTriangular_ResultTriangle_GivesTheBitsOfTheWholeProductInIt(int depth, int width)
    {
        var (left, right) = (Random(depth * width, 1), Random(depth * width, 2));
        var expected = new float[width * width];
        MatrixKernels.Multiply(left, true, right, false, expected, width, width, depth, accumulate: false);
        foreach (var registers in Enum.GetValues<VectorWidth>())
        {
            foreach (var isLower in new[] { true, false })
            {
                var found = new float[width * width];
                Array.Fill(found, Untouched);
                MatrixKernels.MultiplyTriangular(
                    left, true, right, false, found, width, width, depth, accumulate: false, isLower ? MatrixTriangle.ResultLower : MatrixTriangle.ResultUpper, registers);
                for (var i = 0; i < found.Length; i++)
                {
                    if (isLower ? i / width >= i % width : i / width <= i % width)
                        Assert.Equal(expected[i], found[i]);
                    else
                        Assert.True(found[i] == Untouched || found[i] == expected[i]);
                }
            }
        }
    }

    [Fact]
    public void MultiplyTriangular_OperandThatIsNoSquare_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => MatrixKernels.MultiplyTriangular(
            new float[6], false, new float[12], false, new float[8], 2, 4, 3, accumulate: false, MatrixTriangle.RightLower, VectorWidth.Scalar));
        Assert.Contains("right operand [3, 4]", error.Message, StringComparison.Ordinal);
    }

    private static float[] Random(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (float)random.NextNormal();
        return values;
    }
}
