using AEAnomaly.Models.Kernels;
using CsCheck;

namespace AEAnomaly.Models.Tests.Kernels;

/// <summary>Holds each kernel to its formula in double precision, for any shape, any numbers and every register width. A failure names the seed that repeats it.</summary>
public sealed class KernelProperties
{
    // Half a unit in the last place of 1, and the few roundings around a chain of multiply-adds.
    private const double Rounding = 6e-8;
    private const int Spare = 8;

    private static readonly Gen<VectorWidth> Width = Gen.Enum<VectorWidth>();
    private static readonly Gen<int> Size = Gen.Int[1, 70];
    private static readonly Gen<float> Number = Gen.Float[-4, 4];

    [Fact]
    public void Multiply_AnyProduct_IsTheSumOfProducts() =>
        (from m in Size
         from n in Size
         from k in Gen.Int[0, 90]
         from a in Number.Array[m * k]
         from b in Number.Array[k * n]
         from before in Number.Array[m * n]
         from modes in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool)
         from width in Width
         select (m, n, k, a, b, before, modes, width)).Sample(x =>
        {
            var (transposesA, transposesB, accumulates) = x.modes;
            var actual = (float[])x.before.Clone();
            MatrixKernels.Multiply(x.a, transposesA, x.b, transposesB, actual, x.m, x.n, x.k, accumulates, x.width);
            for (var i = 0; i < actual.Length; i++)
            {
                var (row, column) = (i / x.n, i % x.n);
                var products = Enumerable.Range(0, x.k).Select(depth =>
                    (double)x.a[transposesA ? (depth * x.m) + row : (row * x.k) + depth] * x.b[transposesB ? (column * x.k) + depth : (depth * x.n) + column]);
                AssertSum(accumulates ? products.Append(x.before[i]) : products, actual[i]);
            }
        }, iter: 300);

    [Fact]
    public void Linear_AnyLayer_IsTheSumOfProductsAndBiasAboveZeroOrNot() =>
        (from m in Size
         from n in Size
         from k in Size
         from input in Number.Array[m * k]
         from weights in Number.Array[k * n]
         from bias in Number.Array[n]
         from modes in Gen.Select(Gen.Bool, Gen.Bool)
         from width in Width
         select (m, n, k, input, weights, bias, modes, width)).Sample(x =>
        {
            var (isTransposed, hasRelu) = x.modes;
            var actual = new float[x.m * x.n];
            MatrixKernels.Linear(x.input, x.weights, isTransposed, x.bias, actual, x.m, x.n, x.k, hasRelu, x.width);
            for (var i = 0; i < actual.Length; i++)
            {
                var (row, column) = (i / x.n, i % x.n);
                var products = Enumerable.Range(0, x.k)
                    .Select(depth => (double)x.input[(row * x.k) + depth] * x.weights[isTransposed ? (column * x.k) + depth : (depth * x.n) + column]);
                AssertSum(products.Append(x.bias[column]), actual[i], hasRelu);
            }
        }, iter: 300);

    [Fact]
    public void Step_AnyGatedUnit_FollowsItsFormula() =>
        (from rows in Gen.Int[1, 9]
         from units in Size
         from inputGates in Number.Array[rows * units * 3]
         from hiddenGates in Number.Array[rows * units * 3]
         from hidden in Gen.Float[-1, 1].Array[rows * units]
         from width in Width
         select (rows, units, inputGates, hiddenGates, hidden, width)).Sample(x =>
        {
            var (activations, actual) = (new float[x.inputGates.Length], new float[x.hidden.Length]);
            GruKernels.Step(x.inputGates, x.hiddenGates, x.hidden, activations, actual, x.units, x.width);
            for (var i = 0; i < actual.Length; i++)
            {
                var (row, unit) = (i / x.units, i % x.units);
                double Of(float[] gates, int gate) => gates[(((row * 3) + gate) * x.units) + unit];
                var reset = Sigmoid(Of(x.inputGates, 0) + Of(x.hiddenGates, 0));
                var update = Sigmoid(Of(x.inputGates, 1) + Of(x.hiddenGates, 1));
                var candidate = Math.Tanh(Of(x.inputGates, 2) + (reset * Of(x.hiddenGates, 2)));
                Assert.Equal(((1 - update) * candidate) + (update * x.hidden[i]), actual[i], 2e-6);
            }
        }, iter: 500);

    [Fact]
    public void Unfold_AnyGeometry_CopiesWhatLiesUnderThePatchAndFoldIsItsTranspose() =>
        (from geometry in Gen.Select(Gen.Int[1, 40], Gen.Int[1, 6], Gen.Int[1, 7], Gen.Int[1, 4], Gen.Int[0, 5])
            .Select((length, channels, kernel, stride, padding) => new PatchGeometry(length, channels, kernel, stride, padding))
            .Where(geometry => geometry.Positions > 0)
         from count in Gen.Int[1, 4]
         from sequences in Number.Array[count * geometry.SequenceWidth]
         from other in Number.Array[count * geometry.Positions * geometry.PatchWidth]
         select (geometry, count, sequences, other)).Sample(x =>
        {
            var patches = new float[x.other.Length];
            PatchKernels.Unfold(x.sequences, x.geometry, x.count, patches, accumulate: false);
            for (var i = 0; i < patches.Length; i++)
            {
                var channel = i % x.geometry.Channels;
                var tap = i / x.geometry.Channels % x.geometry.Kernel;
                var position = i / x.geometry.PatchWidth % x.geometry.Positions;
                var sequence = i / x.geometry.PatchWidth / x.geometry.Positions;
                var step = (position * x.geometry.Stride) + tap - x.geometry.Padding;
                var isInside = step >= 0 && step < x.geometry.Length;
                Assert.Equal(isInside ? x.sequences[(((sequence * x.geometry.Length) + step) * x.geometry.Channels) + channel] : 0, patches[i]);
            }

            // <unfold(s), o> = <s, fold(o)>
            var folded = new float[x.sequences.Length];
            PatchKernels.Fold(x.other, x.geometry, x.count, folded);
            var expected = patches.Zip(x.other, (a, b) => (double)a * b).Sum();
            Assert.Equal(expected, x.sequences.Zip(folded, (a, b) => (double)a * b).Sum(), 1e-4 * (1 + patches.Zip(x.other, (a, b) => Math.Abs((double)a * b)).Sum()));
        }, iter: 500);

    [Fact]
    public void ElementFunctions_AnyNumbers_FollowTheFrameworks() =>
        Gen.Float[-100, 100].Array[1, 70].Sample(values =>
        {
            Check(values, ElementKernels.Tanh, Math.Tanh);
            Check(values, ElementKernels.Sigmoid, Sigmoid);
            Check([.. values.Select(value => value * 0.8f)], ElementKernels.Exp, Math.Exp);
        });

    [Fact]
    public void ColumnPasses_AnyRows_FollowTheirFormulas() =>
        (from rows in Size
         from columns in Size
         from values in Number.Array[rows * columns]
         from bias in Number.Array[columns]
         from scale in Gen.Float[0.1f, 4].Array[columns]
         from width in Width
         select (rows, columns, values, bias, scale, width)).Sample(x =>
        {
            var sums = new float[x.columns];
            GradientKernels.AddColumnSums(x.values, x.rows, x.columns, sums, x.width);
            for (var column = 0; column < x.columns; column++)
                AssertSum(Enumerable.Range(0, x.rows).Select(row => (double)x.values[(row * x.columns) + column]), sums[column]);

            var moved = new float[x.values.Length];
            ShiftScaleKernels.Forward(x.values, x.bias, x.scale, moved, x.width);
            for (var i = 0; i < moved.Length; i++)
                Assert.Equal(((double)x.values[i] + x.bias[i % x.columns]) * x.scale[i % x.columns], moved[i], 4 * Rounding * 32);
        }, iter: 500);

    [Fact]
    public void Forward_AnyCoupling_ChangesItsFeaturesAloneAndByItsFormula() =>
        (from width in Size
         from start in Gen.Int[0, width - 1]
         from changed in Gen.Int[1, width - start]
         from rows in Gen.Int[1, 9]
         from input in Number.Array[rows * width]
         from head in Number.Array[rows * changed * 2]
         from bound in Gen.Float[0.5f, 4]
         from registers in Width
         select (shape: new CouplingShape(width, start, changed, bound), rows, input, head, registers)).Sample(x =>
        {
            var (output, logScales, scales) = (new float[x.input.Length], new float[x.rows * x.shape.Changed], new float[x.rows * x.shape.Changed]);
            CouplingKernels.Forward(x.input, x.head, output, logScales, scales, x.shape, x.registers);
            for (var i = 0; i < output.Length; i++)
            {
                var (row, feature) = (i / x.shape.Width, (i % x.shape.Width) - x.shape.Start);
                if (feature < 0 || feature >= x.shape.Changed)
                {
                    Assert.Equal(x.input[i], output[i]);
                    continue;
                }

                var head = x.head.AsSpan(row * 2 * x.shape.Changed, 2 * x.shape.Changed);
                var logScale = x.shape.Bound * Math.Tanh(head[feature] / x.shape.Bound);
                var expected = (x.input[i] * Math.Exp(logScale)) + head[x.shape.Changed + feature];
                Assert.Equal(logScale, logScales[(row * x.shape.Changed) + feature], 1e-5);
                Assert.Equal(expected, output[i], 1e-5 * (1 + Math.Abs(expected) + Math.Exp(logScale)));
            }
        }, iter: 500);

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static void Check(float[] values, ActionOnSpan kernel, Func<double, double> function)
    {
        var actual = (float[])values.Clone();
        kernel(actual);
        for (var i = 0; i < values.Length; i++)
        {
            var expected = function(values[i]);
            Assert.Equal(expected, actual[i], 1e-37 + (2e-6 * Math.Abs(expected)));
        }
    }

    // A chain of multiply-adds is off by at most a half unit of the sum of magnitudes a step, and below the normal numbers by a whole one.
    private static void AssertSum(IEnumerable<double> parts, float actual, bool hasRelu = false)
    {
        var (sum, magnitude, steps) = (0d, 0d, Spare);
        foreach (var part in parts)
            (sum, magnitude, steps) = (sum + part, magnitude + Math.Abs(part), steps + 1);
        var expected = hasRelu ? Math.Max(sum, 0) : sum;
        Assert.True(Math.Abs(expected - actual) <= steps * ((Rounding * magnitude) + float.Epsilon), $"expected {expected}, got {actual}, magnitude {magnitude}, {steps} steps");
    }

    private delegate void ActionOnSpan(Span<float> values);
}
