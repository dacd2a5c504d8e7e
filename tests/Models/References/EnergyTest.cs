using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tests.References;

/// <summary>Tests whether two samples come from one distribution: energy distance, its null distribution by permutation (Székely and Rizzo, 2004).</summary>
internal static class EnergyTest
{
    /// <param name="first">Row-major <c>[rows, width]</c>.</param>
    /// <param name="second">Row-major <c>[rows, width]</c>.</param>
    /// <param name="width">Columns.</param>
    /// <param name="seed">Seed of the permutations.</param>
    /// <returns>The p-value, from 499 permutations.</returns>
    public static double PValue(float[] first, float[] second, int width, ulong seed)
    {
        float[] all = [.. first, .. second];
        var (n, split) = (all.Length / width, first.Length / width);
        var distances = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                distances[i, j] = Math.Sqrt(Enumerable.Range(0, width).Sum(k => Math.Pow(all[(i * width) + k] - all[(j * width) + k], 2)));
        }

        var random = new SeededRandom(seed);
        int[] order = [.. Enumerable.Range(0, n)];
        var observed = Statistic();
        var beyond = 1;
        for (var permutation = 0; permutation < 499; permutation++)
        {
            random.Shuffle(order);
            beyond += Statistic() >= observed ? 1 : 0;
        }

        return beyond / 500.0;

        double Statistic()
        {
            var (within, other, between) = (0.0, 0.0, 0.0);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var distance = distances[order[i], order[j]];
                    if (i < split)
                        within += distance;
                    else if (j >= split)
                        other += distance;
                    else
                        between += distance;
                }
            }

            var (a, b) = ((double)split, (double)(n - split));
            return (2 * between / (a * b)) - (2 * within / (a * a)) - (2 * other / (b * b));
        }
    }
}
