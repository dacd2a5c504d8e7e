using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <content>Patches of sequences, and the step of a gated recurrent unit.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Sequences(int rows, int columns, bool flag, SeededRandom random)
    {
        PatchGeometry[] geometries = [new(9, columns, 3, 2, 1), new(8, 2, 4, 2, 1), new(5, 3, 5, 1, 0), new(7, 1, 3, 3, 2)];
        foreach (var geometry in geometries)
        {
            var sequences = Input.Uniform(random, new Shape(rows, geometry.SequenceWidth));
            var patches = Input.Uniform(random, new Shape(rows * geometry.Positions, geometry.PatchWidth));
            yield return new("Unfold", [sequences, patches], (device, x) => device.Unfold(x[0], geometry, x[1], flag), 1);
            yield return new("Fold", [patches, sequences], (device, x) => device.Fold(x[0], geometry, x[1]), 1);
        }

        var (units, gates) = (new Shape(rows, columns), new Shape(rows, 3 * columns));
        Input[] step =
        [
            Input.Uniform(random, gates, 3), Input.Uniform(random, gates, 3), Input.Uniform(random, units), Input.Uniform(random, gates), Input.Uniform(random, units),
        ];
        yield return new("GruStep", step, (device, x) => device.GruStep(x[0], x[1], x[2], x[3], x[4]), 3, 4);

        // Any of the three gradients may be unwanted.
        Input[] gradients = [Input.Uniform(random, units), Input.Uniform(random, gates), Input.Uniform(random, gates), Input.Uniform(random, units)];
        for (var wanted = 1; wanted < 8; wanted++)
        {
            var (input, hidden, state) = ((wanted & 1) > 0, (wanted & 2) > 0, (wanted & 4) > 0);
            yield return new(
                "GruStepBackward",
                [.. step, .. gradients],
                (device, x) =>
                {
                    device.GruStep(x[0], x[1], x[2], x[3], x[4]);
                    device.GruStepBackward(x[1], x[2], x[3], x[5], input ? x[6] : null, hidden ? x[7] : null, state ? x[8] : null);
                },
                6,
                7,
                8);
        }
    }
}
