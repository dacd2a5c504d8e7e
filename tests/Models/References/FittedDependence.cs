using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.References;

/// <summary>Fits a fresh discriminator to codes and estimates their total correlation by it.</summary>
internal static class FittedDependence
{
    /// <param name="codes">Row-major <c>[rows, latent]</c>; half of the rows is learned from, the other half measured.</param>
    /// <param name="latent">Columns.</param>
    /// <param name="steps">Steps of 512 rows.</param>
    public static double TotalCorrelation(float[] codes, int latent, int steps)
    {
        var device = new CpuDevice();
        var parameters = new ParameterSet(device);
        var ratio = new DensityRatio(parameters, "discriminator", latent, 48, new SeededRandom(5));
        var optimizer = new AdamW(device, ratio.Learned, 0);
        var schedule = new CosineSchedule(3e-3, steps);
        var random = new SeededRandom(6);
        var tape = new Tape(device);
        var half = codes.Length / latent / 2;
        for (var step = 0; step < steps; step++)
        {
            using var scope = device.BeginScope();
            tape.Clear();
            optimizer.Watch(tape);
            var values = new float[512 * latent];
            for (var row = 0; row < 512; row++)
                codes.AsSpan(random.NextInt32(half) * latent, latent).CopyTo(values.AsSpan(row * latent));
            var batch = device.Create(new Shape(512, latent), values);
            tape.Backward(Reduction.Mean(tape, ratio.RowLosses(tape, batch, IndependentCodes.Draw(batch, random)), 0, 0));
            optimizer.Step(tape, schedule.Rate(step), 0);
        }

        var rest = codes.AsSpan(half * latent).ToArray();
        return ratio.Logarithms(null, device.Create(new Shape(rest.Length / latent, latent), rest)).ToArray().Average(value => (double)value);
    }
}
