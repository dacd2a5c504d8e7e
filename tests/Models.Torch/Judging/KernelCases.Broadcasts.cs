using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <content>Broadcasts along an axis, and sums over it.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Broadcasts(int rows, int columns, bool flag, SeededRandom random)
    {
        var count = rows * columns;
        AxisSplit[] splits =
        [
            new(1, 1, count), new(1, count, 1), new(rows, columns, 1), new(1, rows, columns), new(rows, 3, columns), new(1, 3, 1), new(rows, 1, columns),
        ];
        return splits.SelectMany(split => Broadcasts(split, flag ? 1 : 0.3f, flag, random));
    }

    private static IEnumerable<KernelCase> Broadcasts(AxisSplit split, float factor, bool accumulate, SeededRandom random)
    {
        var wide = new Shape(split.Outer, split.Axis, split.Inner);

        // Not around 0, where a sum of thousands is what rounding left of it.
        var (a, b) = (Input.Above(random, wide, -0.3), Input.Above(random, wide, -0.3));
        var narrow = Input.Uniform(random, split.Outer > 1 && split.Inner > 1 ? new Shape(split.Outer, split.Inner) : new Shape(split.ReducedCount));
        foreach (var function in Enum.GetValues<BinaryFunction>())
            yield return new($"Binary, {function}", [a, narrow, b], (device, x) => device.Binary(function, x[0], x[1], split, x[2]), 2);
        yield return new("AddBroadcast", [narrow, a], (device, x) => device.AddBroadcast(x[0], factor, split, x[1]), 1);
        yield return new("MultiplyAdd", [a, narrow, b], (device, x) => device.MultiplyAdd(x[0], x[1], split, x[2]), 2);
        yield return new("Sum", [a, narrow], (device, x) => device.Sum(x[0], split, factor, x[1], accumulate), 1);
        yield return new("SumProduct", [a, b, narrow], (device, x) => device.SumProduct(x[0], x[1], split, x[2]), 2);
    }
}
