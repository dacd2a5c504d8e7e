using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Lists every operation of the tape at odd sizes.</summary>
internal static class OperationCases
{
    private static readonly (int Rows, int Columns)[] Sizes = [(1, 1), (1, 7), (7, 1), (7, 33), (33, 7), (33, 33)];

    public static IEnumerable<OperationCase> All() =>
        from size in Sizes
        let random = new SeededRandom((ulong)((size.Rows * 100) + size.Columns))
        from operation in (IEnumerable<OperationCase>)
        [
            .. Products(size.Rows, size.Columns, random), .. Elements(size.Rows, size.Columns, random), .. Shapes(size.Rows, size.Columns, random),
            .. Sequences(size.Rows, size.Columns, random), .. Errors(size.Rows, size.Columns, random), .. Flows(size.Rows, size.Columns, random),
        ]
        select operation;

    /// <summary>Judges our tape by torch's autograd, one verdict an operation.</summary>
    public static IReadOnlyList<Verdict> Judge(Func<Device> ours, Func<Device> torch) =>
        [.. All().Select(operation => operation.Judge(ours(), torch()) with { Subject = operation.Operation }).GroupBy(verdict => verdict.Subject)
            .Select(verdicts => verdicts.Aggregate((left, right) => left.With(right))).OrderBy(verdict => verdict.Subject, StringComparer.Ordinal)];

    private static IEnumerable<OperationCase> Products(int rows, int columns, SeededRandom random)
    {
        Input Of(params ReadOnlySpan<int> extents) => Input.Uniform(random, new Shape(extents));

        yield return new("MatMul", [Of(rows, columns), Of(columns, 5)], (tape, x) => MatMul.Apply(tape, x[0], x[1]));
        foreach (var relu in new[] { false, true })
            yield return new("AffineMap", [Of(rows, columns), Of(5, columns), Of(5)], (tape, x) => AffineMap.Apply(tape, x[0], x[1], x[2], relu));
        yield return new(
            "AffineMap, layers",
            [Of(rows, columns), Of(33, columns), Of(33), Of(7, 33), Of(7), Of(3, 7), Of(3)],
            (tape, x) => AffineMap.Apply(tape, x[0], [new(x[1], x[2], Relu: true), new(x[3], x[4], Relu: true), new(x[5], x[6], Relu: false)]));
        foreach (var isLower in new[] { false, true })
        {
            yield return new(
                "TriangularFactor", [Of(columns, columns), Of(columns)], (tape, x) => TriangularFactor.Apply(tape, x[0], x[1], isLower));
            yield return new("TriangularFactor, ones", [Of(columns, columns)], (tape, x) => TriangularFactor.Apply(tape, x[0], null, isLower));
            yield return new(
                "TriangularMatMul",
                [Of(rows, columns), Of(columns, columns), Of(columns)],
                (tape, x) => TriangularMatMul.Apply(tape, x[0], TriangularFactor.Apply(tape, x[1], x[2], isLower), isLower));
        }
    }

    private static IEnumerable<OperationCase> Elements(int rows, int columns, SeededRandom random)
    {
        var matrix = new Shape(rows, columns);
        foreach (var function in Enum.GetValues<UnaryFunction>())
        {
            var x0 = function == UnaryFunction.Log ? Input.Above(random, matrix, 0.1) : Input.Uniform(random, matrix, 4);
            yield return new($"ElementWise, {function}", [x0], (tape, x) => ElementWise.Apply(tape, function, x[0]));
        }

        Input[] pair = [Input.Uniform(random, matrix), Input.Uniform(random, matrix)];
        Shape[] small = [matrix, new Shape(columns), new Shape(rows, 1), new Shape(1)];
        foreach (var shape in small)
        {
            Input[] broadcast = [pair[0], Input.Uniform(random, shape)];
            yield return new("Arithmetic, add", broadcast, (tape, x) => Arithmetic.Add(tape, x[0], x[1]));
            yield return new("Arithmetic, subtract", broadcast, (tape, x) => Arithmetic.Subtract(tape, x[0], x[1]));
            yield return new("Arithmetic, multiply", broadcast, (tape, x) => Arithmetic.Multiply(tape, x[0], x[1]));
        }

        yield return new("Arithmetic, scale", pair[..1], (tape, x) => Arithmetic.Scale(tape, x[0], -0.7f, 0.3f));
        yield return new("Arithmetic, twice the same", pair[..1], (tape, x) => Arithmetic.Multiply(tape, x[0], Arithmetic.Add(tape, x[0], x[0])));
        yield return new("HalfSquares", pair[..1], (tape, x) => HalfSquares.Apply(tape, x[0]));
    }

    private static IEnumerable<OperationCase> Shapes(int rows, int columns, SeededRandom random)
    {
        var (cube, matrix) = (Input.Uniform(random, new Shape(rows, 3, columns)), Input.Uniform(random, new Shape(rows, columns + 2)));
        var (left, right) = (Input.Uniform(random, new Shape(rows, columns)), Input.Uniform(random, new Shape(rows, 3)));
        for (var first = 0; first < 3; first++)
        {
            for (var last = first; last < 3; last++)
            {
                var (from, to) = (first, last);
                yield return new("Reduction, sum", [cube], (tape, x) => Reduction.Sum(tape, x[0], from, to));
                yield return new("Reduction, mean", [cube], (tape, x) => Reduction.Mean(tape, x[0], from, to));
            }
        }

        yield return new("Reshape", [cube], (tape, x) => Arithmetic.Multiply(tape, Reshape.Apply(tape, x[0], new Shape(rows * 3, columns)), Reshape.Apply(tape, x[0], new Shape(rows * 3, columns))));
        yield return new("Columns, slice", [matrix], (tape, x) => Columns.Slice(tape, x[0], 1, columns));
        yield return new("Columns, pair", [left, right], (tape, x) => Columns.Concat(tape, x[0], x[1]));
        yield return new("Columns, part and all", [matrix, right], (tape, x) => Columns.Concat(tape, x[0], 1, columns, x[1]));
        yield return new("Columns, several", [left, right, matrix], (tape, x) => Columns.Concat(tape, [x[0], x[1], x[2], x[1]]));
    }

    private static IEnumerable<OperationCase> Sequences(int rows, int columns, SeededRandom random)
    {
        PatchGeometry[] geometries = [new(9, columns, 3, 2, 1), new(8, 2, 4, 2, 1), new(5, 3, 5, 1, 0), new(7, 1, 3, 3, 2)];
        foreach (var geometry in geometries)
        {
            yield return new("Patches, unfold", [Input.Uniform(random, new Shape(rows, geometry.SequenceWidth))], (tape, x) => Patches.Unfold(tape, x[0], geometry));
            yield return new(
                "Patches, fold", [Input.Uniform(random, new Shape(rows * geometry.Positions, geometry.PatchWidth))], (tape, x) => Patches.Fold(tape, x[0], geometry));
        }

        var gates = new Shape(rows, 3 * columns);
        yield return new(
            "GruStep",
            [Input.Uniform(random, gates, 3), Input.Uniform(random, gates, 3), Input.Uniform(random, new Shape(rows, columns))],
            (tape, x) => GruStep.Apply(tape, x[0], x[1], x[2]));
    }

    private static IEnumerable<OperationCase> Errors(int rows, int columns, SeededRandom random)
    {
        foreach (var layout in JudgedLayouts.All(columns))
        {
            var (output, target) = (Input.Uniform(random, new Shape(rows, layout.Width), 3), Input.Rows(random, layout, rows));
            var (weights, present) = (Input.Above(random, new Shape(layout.BlockCount), 0.1), Input.Flags(random, new Shape(rows, layout.BlockCount)));
            yield return new("BlockErrors", [output, target], 1, (tape, x) => BlockErrors.Apply(tape, layout, x[0], x[1]));
            yield return new("RowErrors", [output, target, weights], 1, (tape, x) => RowErrors.Apply(tape, layout, x[0], x[1], x[2], null));
            yield return new("RowErrors, missing", [output, target, weights, present], 1, (tape, x) => RowErrors.Apply(tape, layout, x[0], x[1], x[2], x[3]));
        }
    }

    private static IEnumerable<OperationCase> Flows(int rows, int columns, SeededRandom random)
    {
        var matrix = new Shape(rows, columns);
        yield return new(
            "ShiftScale",
            [Input.Uniform(random, matrix), Input.Uniform(random, new Shape(columns)), Input.Uniform(random, new Shape(columns))],
            (tape, x) => ShiftScale.Apply(tape, x[0], x[1], x[2]));

        var start = columns / 3;
        var coupling = new CouplingShape(columns, start, columns - start - (columns > 5 ? 2 : 0), 1.5f);
        yield return new(
            "CouplingMap",
            [Input.Uniform(random, matrix), Input.Uniform(random, new Shape(rows, 2 * coupling.Changed), 2)],
            (tape, x) =>
            {
                var (output, logDeterminant) = CouplingMap.Apply(tape, x[0], x[1], coupling);
                return Arithmetic.Add(tape, HalfSquares.Apply(tape, output), logDeterminant);
            });

        var (target, present) = (Input.Uniform(random, matrix), Input.Flags(random, matrix));
        foreach (var more in new[] { 0, 3 })
        {
            foreach (var isMissing in new[] { false, true })
            {
                yield return new(
                    "GaussianResiduals",
                    [Input.Uniform(random, new Shape(rows, (2 * columns) + more), 2), target, present],
                    1,
                    (tape, x) =>
                    {
                        var (residuals, costs) = GaussianResiduals.Apply(tape, x[0], x[1], isMissing ? x[2] : null, 3);
                        return Arithmetic.Add(tape, HalfSquares.Apply(tape, residuals), costs);
                    });
            }
        }
    }
}
