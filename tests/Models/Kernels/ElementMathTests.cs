using System.Runtime.Intrinsics;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tests.Kernels;

public sealed unsafe class ElementMathTests
{
    [Theory]
    [InlineData("exp", -87.3, 88.3, 1.0)]
    [InlineData("log", 1e-30, 1e30, 1.0)]
    [InlineData("log", 0.5, 3.0, 1.0)]
    [InlineData("softplus-rest", -80.0, 80.0, 2.0)]
    [InlineData("sigmoid", -80.0, 80.0, 2.5)]
    [InlineData("tanh", -20.0, 20.0, 2.0)]
    [InlineData("tanh", -0.7, 0.7, 2.0)]
    public void Function_OverItsRange_StaysWithinItsUnits(string name, double from, double to, double units)
    {
        var worst = (Units: 0d, At: 0d);
        foreach (var x in Sweep(from, to))
        {
            var expected = Reference(name, x);
            var unit = MathF.BitIncrement(MathF.Abs((float)expected)) - MathF.Abs((float)expected);
            var error = Math.Abs(Scalar(name, x) - expected) / unit;
            if (error > worst.Units)
                worst = (error, x);
        }

        Assert.True(worst.Units <= units, $"{name} is off by {worst.Units:F2} units at {worst.At:R}");
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("log")]
    [InlineData("softplus-rest")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    public void Function_EveryVectorWidth_GivesTheScalarBits(string name)
    {
        float[] inputs =
        [
            .. name == "log" ? Sweep(1e-30, 1e30) : Sweep(-200, 200),
            .. name == "log" ? [1f, float.MaxValue] : new[] { 0f, -0f, 0.625f, -0.625f, 1e-30f, float.MaxValue, float.MinValue },
        ];
        var count = inputs.Length / 16 * 16;
        var (expected, narrow, middle, wide) = (new float[count], new float[count], new float[count], new float[count]);
        Apply<Lanes1, float>(name, inputs, expected);
        Apply<Lanes4, Vector128<float>>(name, inputs, narrow);
        Apply<Lanes8, Vector256<float>>(name, inputs, middle);
        Apply<Lanes16, Vector512<float>>(name, inputs, wide);

        Assert.Equal(Bits(expected), Bits(narrow));
        Assert.Equal(Bits(expected), Bits(middle));
        Assert.Equal(Bits(expected), Bits(wide));
    }

    [Fact]
    public void ExpAndLog_OfZeroAndOne_AreExact()
    {
        Assert.Equal(1f, ElementMath.Exp<Lanes1, float>(0));
        Assert.Equal(0f, ElementMath.Log<Lanes1, float>(1));
    }

    [Fact]
    public void Max_NotANumberOrZeros_GivesTheRightOperandForEveryWidth()
    {
        foreach (var left in new[] { float.NaN, -0f, 0f, -1f })
        {
            Assert.Equal(0, BitConverter.SingleToInt32Bits(Lanes1.Max(left, 0f)));
            Assert.Equal(0, BitConverter.SingleToInt32Bits(Lanes4.Max(Vector128.Create(left), Vector128<float>.Zero)[1]));
            Assert.Equal(0, BitConverter.SingleToInt32Bits(Lanes8.Max(Vector256.Create(left), Vector256<float>.Zero)[1]));
            Assert.Equal(0, BitConverter.SingleToInt32Bits(Lanes16.Max(Vector512.Create(left), Vector512<float>.Zero)[1]));
        }
    }

    [Fact]
    public void SoftwareMultiplyAdd_AnyExponents_GivesTheBitsOfTheFusedOne()
    {
        var random = new Random(11);
        for (var i = 0; i < 300_000; i++)
        {
            var (left, right) = (Draw(30), Draw(30));

            // Half of the addends nearly cancel the product, where a second rounding would show.
            var addend = i % 2 == 0 ? Draw(60) : (float)(-(double)left * right * (1 + ((random.NextDouble() - 0.5) * 1e-7)));
            Assert.Equal(
                BitConverter.SingleToInt32Bits(MathF.FusedMultiplyAdd(left, right, addend)),
                BitConverter.SingleToInt32Bits(SoftwareMultiplyAdd.Compute(left, right, addend)));
        }

        Assert.Equal(float.PositiveInfinity, SoftwareMultiplyAdd.Compute(float.MaxValue, 2, 1));
        Assert.True(float.IsNaN(SoftwareMultiplyAdd.Compute(float.PositiveInfinity, 0, 1)));

        // The product is a tie between two floats that an addend below a double's last place decides.
        Assert.Equal(
            MathF.FusedMultiplyAdd(1 + MathF.ScaleB(1, -12), 1 + MathF.ScaleB(1, -12), MathF.ScaleB(1, -60)),
            SoftwareMultiplyAdd.Compute(1 + MathF.ScaleB(1, -12), 1 + MathF.ScaleB(1, -12), MathF.ScaleB(1, -60)));

        float Draw(int exponents) => MathF.ScaleB((float)((random.NextDouble() * 2) - 1), random.Next(-exponents, exponents));
    }

    private static void Apply<TLanes, TVector>(string name, float[] inputs, float[] outputs)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* input = inputs, output = outputs)
        {
            for (var i = 0; i < outputs.Length; i += TLanes.Count)
                TLanes.Store(Compute<TLanes, TVector>(name, TLanes.Load(input + i)), output + i);
        }
    }

    private static TVector Compute<TLanes, TVector>(string name, TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => name switch
        {
            "exp" => ElementMath.Exp<TLanes, TVector>(x),
            "log" => ElementMath.Log<TLanes, TVector>(x),
            "softplus-rest" => ElementMath.SoftplusRest<TLanes, TVector>(x),
            "sigmoid" => ElementMath.Sigmoid<TLanes, TVector>(x),
            _ => ElementMath.Tanh<TLanes, TVector>(x),
        };

    private static float Scalar(string name, float x) => Compute<Lanes1, float>(name, x);

    private static double Reference(string name, double x) => name switch
    {
        "exp" => Math.Exp(x),
        "log" => Math.Log(x),
        "softplus-rest" => Log1P(Math.Exp(-Math.Abs(x))),
        "sigmoid" => 1 / (1 + Math.Exp(-x)),
        _ => Math.Tanh(x),
    };

    // Small arguments would lose their digits in 1 + x.
    private static double Log1P(double x) => x < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);

    private static IEnumerable<float> Sweep(double from, double to)
    {
        const int Steps = 200_003;
        var byRatio = from > 0 && to / from > 1e3;
        for (var i = 0; i <= Steps; i++)
        {
            var share = (double)i / Steps;
            yield return (float)(byRatio ? from * Math.Pow(to / from, share) : from + ((to - from) * share));
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
