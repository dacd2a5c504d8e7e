using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <content>Errors of reconstructions, and their gradients.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Errors(int rows, int columns, bool flag, SeededRandom random)
    {
        foreach (var layout in JudgedLayouts.All(columns))
        {
            var (width, blocks) = (new Shape(rows, layout.Width), new Shape(rows, layout.BlockCount));
            var (output, target, slopes) = (Input.Uniform(random, width, 4), Input.Rows(random, layout, rows), Input.Uniform(random, width));
            var (present, errors) = (Input.Flags(random, blocks), Input.Uniform(random, blocks));
            var (weights, sums) = (Input.Above(random, new Shape(layout.BlockCount), 0.1), Input.Uniform(random, new Shape(rows)));
            yield return new("BlockErrors", [output, target, errors], (device, x) => device.BlockErrors(layout, x[0], x[1], x[2]), 2);
            yield return new(
                "BlockErrorsBackward",
                [output, target, errors, slopes],
                (device, x) => device.BlockErrorsBackward(layout, x[0], x[1], x[2], x[3]),
                3);
            foreach (var isMissing in new[] { false, true })
            {
                yield return new(
                    "RowErrors",
                    [output, target, weights, present, sums],
                    (device, x) => device.RowErrors(layout, x[0], x[1], x[2], isMissing ? x[3] : null, x[4]),
                    4);
                yield return new(
                    "RowErrorsBackward",
                    [output, target, weights, present, sums, slopes],
                    (device, x) => device.RowErrorsBackward(layout, x[0], x[1], x[2], isMissing ? x[3] : null, x[4], x[5], flag),
                    5);
            }
        }
    }
}
