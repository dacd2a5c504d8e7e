using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Lists calls of every kernel of a device, with and without what changes how it computes.</summary>
internal static partial class KernelCases
{
    private static readonly int[] Rows = [1, 7, 33, 256];
    private static readonly int[] Columns = [1, 7, 33];

    /// <summary>Lists the cases of all sizes: below, beside and above every vector width.</summary>
    public static IEnumerable<KernelCase> All() =>
        from rows in Rows
        from columns in Columns
        from flag in new[] { false, true }
        let random = new SeededRandom((ulong)((rows * 1000) + (columns * 2) + (flag ? 1 : 0)))
        from kernel in (IEnumerable<KernelCase>)
        [
            .. Memory(rows, columns, flag, random), .. Products(rows, columns, flag, random), .. Elements(rows, columns, flag, random),
            .. Broadcasts(rows, columns, flag, random), .. Optimizer(rows, columns, flag, random), .. Steps(rows, columns, flag, random), .. Sequences(rows, columns, flag, random),
            .. Errors(rows, columns, flag, random), .. Flows(rows, columns, flag, random), .. Gaussians(rows, columns, flag, random),
        ]
        select kernel;

    /// <summary>Judges a device by <see cref="Models.Tensors.Cpu.CpuDevice"/>, one verdict a kernel.</summary>
    public static IReadOnlyList<Verdict> Judge(Func<Device> ours, Func<Device> other) =>
        [.. All().Select(kernel => kernel.Judge(ours(), other()) with { Subject = kernel.Kernel }).GroupBy(verdict => verdict.Subject)
            .Select(verdicts => verdicts.Aggregate((left, right) => left.With(right))).OrderBy(verdict => verdict.Subject, StringComparer.Ordinal)];

    private static IEnumerable<KernelCase> Memory(int rows, int columns, bool flag, SeededRandom random)
    {
        var matrix = new Shape(rows, columns);
        var (a, b) = (Input.Uniform(random, matrix), Input.Uniform(random, matrix));
        int[] reversed = [.. Enumerable.Range(0, rows).Select(row => (rows - 1 - row) * columns)];
        var factor = flag ? 1 : -0.7f;

        yield return new("Upload", [a], (device, x) => device.Upload(b.Values, x[0]), 0);
        yield return new("Download", [a, b], (device, x) => device.Upload(x[0].ToArray(), x[1]), 1);
        yield return new("UploadRows", [a], (device, x) => device.UploadRows(b.Values, reversed, x[0]), 0);
        yield return new("Fill", [a], (device, x) => device.Fill(x[0], flag ? 0 : 0.3f), 0);
        yield return new("FillNormal", [a], (device, x) => device.FillNormal(x[0], new SeededRandom(5)), 0);
        yield return new("Copy", [a, b], (device, x) => device.Copy(x[0], x[1]), 1);
        yield return new("AddScaled", [a, b], (device, x) => device.AddScaled(x[0], factor, x[1]), 1);
        yield return new("ScaleOffset", [a, b], (device, x) => device.ScaleOffset(x[0], factor, flag ? 0.4f : 0, x[1]), 1);
        yield return new("ScaleOffset, in place", [a], (device, x) => device.ScaleOffset(x[0], factor, 0.4f, x[0]), 0);

        var wider = Input.Uniform(random, new Shape(rows, columns + 4));
        yield return new("CopyColumns, all", [wider, a], (device, x) => device.CopyColumns(x[0], 2, x[1], 0, columns, flag), 1);
        yield return new("CopyColumns, some", [a, wider], (device, x) => device.CopyColumns(x[0], 0, x[1], 3, columns, flag), 1);
    }

    private static IEnumerable<KernelCase> Products(int rows, int columns, bool flag, SeededRandom random)
    {
        var outputs = columns + 3;
        foreach (var (left, right) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            var a = Input.Uniform(random, left ? new Shape(columns, rows) : new Shape(rows, columns));
            var b = Input.Uniform(random, right ? new Shape(outputs, columns) : new Shape(columns, outputs));
            var c = Input.Uniform(random, new Shape(rows, outputs));
            yield return new("MatMul", [a, b, c], (device, x) => device.MatMul(x[0], left, x[1], right, x[2], flag), 2);
        }

        var (values, weight) = (Input.Uniform(random, new Shape(rows, columns)), Input.Uniform(random, new Shape(outputs, columns)));
        var (bias, gradient) = (Input.Uniform(random, new Shape(outputs)), Input.Uniform(random, new Shape(rows, outputs)));
        yield return new("Affine", [values, weight, bias, gradient], (device, x) => device.Affine(x[0], x[1], x[2], flag, x[3]), 3);

        var mask = Input.Activated(random, new Shape(rows, columns));
        yield return new(
            "MatMulMasked",
            [gradient, weight, mask, values, Input.Uniform(random, new Shape(columns))],
            (device, x) => device.MatMulMasked(x[0], x[1], x[2], x[3], x[4], flag), 3, 4);
        yield return new("MaskByRelu", [mask, values], (device, x) => device.MaskByRelu(x[0], x[1]), 1);
    }

    private static IEnumerable<KernelCase> Elements(int rows, int columns, bool flag, SeededRandom random)
    {
        var matrix = new Shape(rows, columns);
        foreach (var function in Enum.GetValues<UnaryFunction>())
        {
            var a = function == UnaryFunction.Log ? Input.Above(random, matrix, 0.01) : Input.Uniform(random, matrix, 3);
            var (y, dy, dx) = (Input.Uniform(random, matrix), Input.Uniform(random, matrix), Input.Uniform(random, matrix));
            yield return new($"Unary, {function}", [a, y], (device, x) => device.Unary(function, x[0], x[1]), 1);
            yield return new(
                $"UnaryBackward, {function}",
                [a, y, dy, dx],
                (device, x) =>
                {
                    device.Unary(function, x[0], x[1]);
                    device.UnaryBackward(function, x[0], x[1], x[2], x[3], flag);
                },
                3);
        }
    }

    private static IEnumerable<KernelCase> Steps(int rows, int columns, bool flag, SeededRandom random)
    {
        var window = flag ? 3 : 1;
        int[] chosen = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt32(40))];
        var (records, batch) = (Input.Uniform(random, new Shape(39 + window, columns)), Input.Uniform(random, new Shape(rows, window * columns)));
        yield return new($"GatherRows, windows of {window}", [records, batch], (device, x) => device.GatherRows(x[0], chosen, x[1]), 1);

        var (losses, mean) = (Input.Uniform(random, new Shape(rows * columns)), new Input(new Shape(1), [0]));
        yield return new("TrimLosses", [losses, losses, mean], (device, x) => device.TrimLosses(x[0], flag ? 0.13 : 0, x[1], x[2]), 1, 2);
    }

    private static IEnumerable<KernelCase> Optimizer(int rows, int columns, bool flag, SeededRandom random)
    {
        var matrix = new Shape(rows, columns);
        var (w, g, m) = (Input.Uniform(random, matrix), Input.Uniform(random, matrix), Input.Uniform(random, matrix));
        var v = Input.Above(random, matrix, 0);
        var step = new AdamWStep(1e-3f, 0.9f, 0.999f, 1e-8f, flag ? 1e-2f : 0, 0.271f, 0.003f, flag ? 0.6f : 1);
        yield return new("AdamW", [w, g, m, v], (device, x) => device.AdamW(x[0], x[1], x[2], x[3], step), 0, 2, 3);
        yield return new("SumOfSquares", [w, new Input(new Shape(1), [0])], (device, x) => device.Fill(x[1], (float)device.SumOfSquares(x[0])), 1);
    }
}
