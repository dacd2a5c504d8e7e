using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.References;

namespace AEAnomaly.Models.Tests.Training;

/// <summary>Draws rows from a Gaussian of known covariance.</summary>
internal static class GaussianRows
{
    public static TrainingSet Draw(double[,] covariance, int rows, ulong seed)
    {
        var width = covariance.GetLength(0);
        var factor = GaussianReference.Cholesky(covariance);
        var random = new SeededRandom(seed);
        var values = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < width; k++)
            {
                var draw = random.NextNormal();
                for (var j = k; j < width; j++)
                    values[(row * width) + j] += (float)(factor[j, k] * draw);
            }
        }

        return new TrainingSet(FeatureLayout.AllReal(width), values, rows);
    }
}
