using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Variants.Flows;

namespace AEAnomaly.Models.Tests.Variants.Flows;

public sealed class FrozenFlowTests
{
    /// <summary>Gets numbers of features and levels.</summary>
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 7, 1 }, { 33, 1 }, { 1, 2 }, { 7, 2 }, { 33, 2 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Inverse_OfForward_GivesTheRowBack(int width, int levels)
    {
        var network = FlowCase.Network(FeatureLayout.AllReal(width), levels);
        var flow = FlowFreezer.Freeze(network).Flow!;
        var scratch = flow.CreateScratch(1);
        for (var i = 0UL; i < 10; i++)
        {
            var (row, code) = (FlowCase.Normals(width, 10 + i), FlowCase.Normals(3, 50 + i));
            var values = row.ToArray();
            flow.Forward(values, code, new float[3], new double[1], scratch);
            Assert.True(values.Zip(row, (u, x) => Math.Abs(u - x)).Max() > 0.05, "The flow should do something.");
            flow.Inverse(values, code, scratch);
            for (var j = 0; j < width; j++)
                Assert.Equal(row[j], values[j], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_LogDeterminant_EqualsTheNumericalJacobians(int width, int levels)
    {
        var network = FlowCase.Network(FeatureLayout.AllReal(width), levels);
        var reference = FlowCase.Reference(network, levels);
        var flow = FlowFreezer.Freeze(network).Flow!;
        var (row, code) = (FlowCase.Normals(width, 10), FlowCase.Normals(3, 50));
        var (values, logDeterminant) = (row.ToArray(), new double[1]);

        flow.Forward(values, code, new float[3], logDeterminant, flow.CreateScratch(1));

        // The same function in double precision, so that a step can be small: first that it is the same, then its Jacobian.
        var (codes, point) = (FlowCase.Codes(network, code), row.Select(value => (double)value).ToArray());
        var noise = reference.Forward(point, codes).Noise;
        for (var j = 0; j < width; j++)
            Assert.Equal(noise[j], values[j], 1e-4 * (1 + Math.Abs(noise[j])));
        Assert.Equal(LogAbsDeterminant(Jacobian(point, x => reference.Forward(x, codes).Noise)), logDeterminant[0], 1e-4 * (1 + width));
        Assert.True(Math.Abs(logDeterminant[0]) > 1e-3, "A determinant of 1 would prove nothing.");
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(64, 2)]
    [InlineData(131, 1)]
    public void Explain_ManyBlocks_SharesAreWhatEachReplacedBlockAloneGains(int width, int levels)
    {
        var network = FlowCase.Network(FeatureLayout.AllReal(width), levels);
        var (model, reference) = (FlowFreezer.Freeze(network), FlowCase.Reference(network, levels));
        var scratch = (FrozenFlowScratch)model.CreateScratch();
        var row = FlowCase.Normals(width, 12);
        var missing = new byte[width];
        missing[width / 2] = 1;
        var (parts, expected, latent) = (new float[width], new float[width], new float[model.LatentWidth]);

        var score = model.Explain(row, missing, parts, expected, latent, scratch);

        var (codes, residual, likely) = (FlowCase.Codes(network, latent), new double[width], new double[width]);
        for (var j = 0; j < width; j++)
        {
            var deviation = Math.Exp(network.MaxLogScale * Math.Tanh(scratch.Decoded[width + j] / network.MaxLogScale));
            residual[j] = missing[j] != 0 ? 0 : (row[j] - scratch.Decoded[j]) / deviation;
            likely[j] = (expected[j] - scratch.Decoded[j]) / deviation;
        }

        var own = Energy(residual);
        var gains = Enumerable.Range(0, width).Select(j => missing[j] != 0 ? 0 : Math.Max(0, own - Energy([.. residual[..j], likely[j], .. residual[(j + 1)..]]))).ToArray();
        Assert.True(gains.Count(gain => gain > 0) > 1);
        for (var j = 0; j < width; j++)
            Assert.Equal(score * gains[j] / gains.Sum(), parts[j], 1e-3 * score);

        double Energy(double[] values)
        {
            var (noise, logDeterminant) = reference.Forward(values, codes);
            return (0.5 * noise.Sum(u => u * u)) - (logDeterminant * (width - 1) / width);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Energies_GivenTheCode_IntegrateToOneInTwoDimensions(int levels)
    {
        var network = FlowCase.Network(FeatureLayout.AllReal(2), levels);
        var flow = FlowFreezer.Freeze(network).Flow!;
        var (code, scratch) = (FlowCase.Normals(3, 51), flow.CreateScratch(1));

        // With x = sinh(t) the grid is fine in the middle and still reaches to +-1,000, where the slowest tails are.
        const double Reach = 7.6;
        const double Step = 0.02;
        var (values, logDeterminant, codeOfLevel) = (new float[2], new double[1], new float[3]);
        var (integral, peak) = (0.0, 0.0);
        for (var s = -Reach; s <= Reach; s += Step)
        {
            for (var t = -Reach; t <= Reach; t += Step)
            {
                (values[0], values[1]) = ((float)Math.Sinh(s), (float)Math.Sinh(t));
                flow.Forward(values, code, codeOfLevel, logDeterminant, scratch);
                var squares = ((double)values[0] * values[0]) + ((double)values[1] * values[1]);
                var density = Math.Exp((-squares / 2) + logDeterminant[0]) / (2 * Math.PI);
                integral += density * Math.Cosh(s) * Math.Cosh(t) * Step * Step;
                peak = Math.Max(peak, density);
            }
        }

        Assert.Equal(1, integral, 2e-3);
        Assert.True(Math.Abs(peak - (1 / (2 * Math.PI))) > 0.01, "The flow should not be volume-preserving.");
    }

    private static double[,] Jacobian(double[] point, Func<double[], double[]> function)
    {
        const double Step = 1e-6;
        var jacobian = new double[point.Length, point.Length];
        for (var j = 0; j < point.Length; j++)
        {
            var (above, below) = (point.ToArray(), point.ToArray());
            above[j] += Step;
            below[j] -= Step;
            var (high, low) = (function(above), function(below));
            for (var i = 0; i < point.Length; i++)
                jacobian[i, j] = (high[i] - low[i]) / (2 * Step);
        }

        return jacobian;
    }

    /// <summary>Eliminates with partial pivoting.</summary>
    private static double LogAbsDeterminant(double[,] matrix)
    {
        var (size, sum) = (matrix.GetLength(0), 0.0);
        for (var k = 0; k < size; k++)
        {
            var pivot = Enumerable.Range(k, size - k).MaxBy(row => Math.Abs(matrix[row, k]));
            for (var column = 0; column < size; column++)
                (matrix[k, column], matrix[pivot, column]) = (matrix[pivot, column], matrix[k, column]);
            sum += Math.Log(Math.Abs(matrix[k, k]));
            for (var row = k + 1; row < size; row++)
            {
                var factor = matrix[row, k] / matrix[k, k];
                for (var column = k; column < size; column++)
                    matrix[row, column] -= factor * matrix[k, column];
            }
        }

        return sum;
    }
}
