using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Variants;

/// <summary>Draws normal rows of several kinds and anomalies of several kinds among them: no single network is best at all.</summary>
internal static class MixedAnomalies
{
    /// <summary>Gives rows to learn from, rows to judge and which of those are anomalies.</summary>
    public static IEnumerable<(TrainingSet Normal, TrainingSet Test, bool[] IsAnomaly)> Sets()
    {
        yield return Spoil(SyntheticRows.Manifold(1500, 9, 3, 0.15, 421), SyntheticRows.Manifold(1500, 9, 3, 0.15, 422));
        yield return Spoil(Clusters(1500, 423), Clusters(1500, 424));
        yield return Spoil(Correlated(1500, 425), Correlated(1500, 426));
    }

    // A tenth of the rows: one field shifted, two fields of another row, all fields scaled, or noise on every field.
    private static (TrainingSet Normal, TrainingSet Test, bool[] IsAnomaly) Spoil(TrainingSet normal, TrainingSet test)
    {
        var random = new SeededRandom(427);
        var width = test.Layout.Width;
        var isAnomaly = new bool[test.Rows];
        for (var row = 0; row < test.Rows; row += 10)
        {
            isAnomaly[row] = true;
            var x = test.Values.AsSpan(row * width, width);
            var other = test.Values.AsSpan((row + 1) * width, width);
            switch (row / 10 % 4)
            {
                case 0:
                    x[random.NextInt32(width)] += random.NextDouble() < 0.5 ? -1.5f : 1.5f;
                    break;
                case 1:
                    (x[0], x[width - 1]) = (other[0], other[width - 1]);
                    break;
                case 2:
                    foreach (ref var value in x)
                        value *= 2;
                    break;
                default:
                    foreach (ref var value in x)
                        value += (float)(0.6 * random.NextNormal());
                    break;
            }
        }

        return (normal, test, isAnomaly);
    }

    private static TrainingSet Clusters(int rows, ulong seed)
    {
        var centres = new SeededRandom(428);
        var middle = Enumerable.Range(0, 5 * 6).Select(_ => centres.NextNormal()).ToArray();
        var random = new SeededRandom(seed);
        var values = new float[rows * 6];
        for (var row = 0; row < rows; row++)
        {
            var cluster = random.NextInt32(5);
            for (var i = 0; i < 6; i++)
                values[(row * 6) + i] = (float)(middle[(cluster * 6) + i] + (0.25 * random.NextNormal()));
        }

        return new TrainingSet(FeatureLayout.AllReal(6), values, rows);
    }

    private static TrainingSet Correlated(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * 7];
        for (var row = 0; row < rows; row++)
        {
            var common = random.NextNormal();
            for (var i = 0; i < 7; i++)
                values[(row * 7) + i] = (float)((0.9 * common * (i % 2 == 0 ? 1 : -1)) + (0.4 * random.NextNormal()));
        }

        return new TrainingSet(FeatureLayout.AllReal(7), values, rows);
    }
}
