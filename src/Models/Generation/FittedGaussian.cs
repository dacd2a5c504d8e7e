using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Generation;

/// <summary>A Gaussian fitted to vectors and stored with a model: mean, and a factor L of the covariance L Lᵀ.</summary>
/// <remarks>Of very wide vectors only the variances are kept: a covariance of a thousand features would need more rows than are held out.</remarks>
internal sealed class FittedGaussian
{
    private const int MostCorrelated = 512;

    // Keeps the correlations positive definite where vectors are fewer than dimensions, or lie in a plane.
    private const double Shrinkage = 1e-3;

    private readonly int _width;
    private readonly Tensor _mean;
    private readonly Tensor _factor;

    /// <summary>Creates NAME.mean and NAME.factor.</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the distribution.</param>
    /// <param name="width">Values of a vector.</param>
    public FittedGaussian(ParameterSet parameters, string name, int width)
    {
        _width = width;
        _mean = parameters.Create($"{name}.mean", new Shape(width), ParameterRole.Constant, static _ => { });
        _factor = parameters.Create($"{name}.factor", new Shape(width, width <= MostCorrelated ? width : 1), ParameterRole.Constant, static _ => { });
    }

    /// <summary>Fits mean and covariance.</summary>
    /// <param name="values">Vectors, <c>[rows, width]</c>.</param>
    /// <param name="present">1 where a value counts, same shape, or null.</param>
    /// <param name="priorRows">Rows of mean 0 and variance 1 that are added in thought, so that few vectors change little.</param>
    public void Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> present, double priorRows)
    {
        var rows = values.Length / _width;
        var (mean, deviation, centred) = (new double[_width], new double[_width], new double[values.Length]);
        for (var j = 0; j < _width; j++)
        {
            var (sum, squares, count) = (0.0, 0.0, 0);
            for (var row = 0; row < rows; row++)
            {
                if (present.IsEmpty || present[(row * _width) + j] != 0)
                    (sum, count) = (sum + values[(row * _width) + j], count + 1);
            }

            mean[j] = count + priorRows > 0 ? sum / (count + priorRows) : 0;
            for (var row = 0; row < rows; row++)
            {
                if (!present.IsEmpty && present[(row * _width) + j] == 0)
                    continue;
                var difference = values[(row * _width) + j] - mean[j];
                centred[(row * _width) + j] = difference;
                squares += difference * difference;
            }

            deviation[j] = count + priorRows > 0 ? Math.Sqrt((squares + priorRows) / (count + priorRows)) : 0;
        }

        _mean.Device.Upload(Array.ConvertAll(mean, value => (float)value), _mean);
        _factor.Device.Upload(_factor.Shape[1] == 1 && _width > 1
            ? Array.ConvertAll(deviation, value => (float)value)
            : Factor(Correlations(centred, rows, priorRows), deviation), _factor);
    }

    /// <summary>Draws vectors, <c>[rows, width]</c>.</summary>
    public float[] Draw(int rows, SeededRandom random)
    {
        var (mean, factor) = (_mean.ToArray(), _factor.ToArray());
        var isFull = _factor.Shape[1] == _width;
        var (result, noise) = (new float[rows * _width], new double[_width]);
        for (var row = 0; row < rows; row++)
        {
            foreach (ref var draw in noise.AsSpan())
                draw = random.NextNormal();
            for (var j = 0; j < _width; j++)
            {
                var sum = (double)mean[j];
                for (var k = isFull ? 0 : j; k <= j; k++)
                    sum += noise[k] * factor[isFull ? (j * _width) + k : j];
                result[(row * _width) + j] = (float)sum;
            }
        }

        return result;
    }

    // Of values left out as 0: their products are missing from both sums, so the matrix stays positive semidefinite.
    private double[] Correlations(double[] centred, int rows, double priorRows)
    {
        var products = new double[_width * _width];
        for (var row = 0; row < rows; row++)
        {
            var vector = centred.AsSpan(row * _width, _width);
            for (var i = 0; i < _width; i++)
            {
                for (var j = 0; j <= i; j++)
                    products[(i * _width) + j] += vector[i] * vector[j];
            }
        }

        var squares = new double[_width];
        for (var i = 0; i < _width; i++)
            squares[i] = products[(i * _width) + i] + priorRows;
        for (var i = 0; i < _width; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var scale = Math.Sqrt(squares[i] * squares[j]);
                products[(i * _width) + j] = scale > 0 ? (1 - Shrinkage) * products[(i * _width) + j] / scale : 0;
            }

            products[(i * _width) + i] = 1;
        }

        return products;
    }

    // Cholesky, rows scaled by the deviations.
    private float[] Factor(double[] correlations, double[] deviation)
    {
        for (var i = 0; i < _width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = correlations[(i * _width) + j];
                for (var k = 0; k < j; k++)
                    sum -= correlations[(i * _width) + k] * correlations[(j * _width) + k];
                correlations[(i * _width) + j] = i == j ? Math.Sqrt(Math.Max(sum, Shrinkage * Shrinkage)) : sum / correlations[(j * _width) + j];
            }
        }

        var factor = new float[_width * _width];
        for (var i = 0; i < _width; i++)
        {
            for (var j = 0; j <= i; j++)
                factor[(i * _width) + j] = (float)(deviation[i] * correlations[(i * _width) + j]);
        }

        return factor;
    }
}
