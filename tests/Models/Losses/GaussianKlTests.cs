using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Losses;

public sealed class GaussianKlTests
{
    private static readonly float[] Means = [0.3f, -1.2f, 0f, 2f];
    private static readonly float[] LogVariances = [0f, -1.5f, 0.8f, -0.3f];

    [Fact]
    public void PerRow_FourLatents_EqualsTheClosedForm()
    {
        var expected = Means.Zip(LogVariances, (mean, log) => 0.5 * (((double)mean * mean) + Math.Exp(log) - log - 1)).Sum();
        Assert.Equal(expected, PerRow(), 1e-5);
    }

    [Fact]
    public void PerRow_FourLatents_EqualsTheMonteCarloEstimate()
    {
        // KL = E[log q(z) - log p(z)], z ~ q.
        const int Draws = 400_000;
        var random = new SeededRandom(41);
        var (sum, squares) = (0.0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var ratio = 0.0;
            for (var j = 0; j < Means.Length; j++)
            {
                var noise = random.NextNormal();
                var z = Means[j] + (Math.Exp(0.5 * LogVariances[j]) * noise);
                ratio += 0.5 * ((z * z) - (noise * noise) - LogVariances[j]);
            }

            sum += ratio;
            squares += ratio * ratio;
        }

        var mean = sum / Draws;
        var standardError = Math.Sqrt(((squares / Draws) - (mean * mean)) / Draws);
        Assert.InRange(PerRow(), mean - (4 * standardError), mean + (4 * standardError));
    }

    private static float PerRow()
    {
        var device = new CpuDevice();
        var shape = new Shape(1, Means.Length);
        return GaussianKl.PerRow(null, device.Create(shape, Means), device.Create(shape, LogVariances)).ToArray()[0];
    }
}
