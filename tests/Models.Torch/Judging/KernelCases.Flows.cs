using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <content>Triangular weights, scaling of columns, couplings, Gaussian residuals.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Flows(int rows, int columns, bool flag, SeededRandom random)
    {
        var (matrix, square, vector) = (new Shape(rows, columns), new Shape(columns, columns), new Shape(columns));
        var (a, b) = (Input.Uniform(random, matrix), Input.Uniform(random, matrix));
        var (w, s, t) = (Input.Uniform(random, square), Input.Uniform(random, vector), Input.Uniform(random, square));
        var (dt, dw, ds) = (Input.Uniform(random, square), Input.Uniform(random, square), Input.Uniform(random, vector));
        foreach (var isLower in new[] { false, true })
        {
            yield return new("TakeTriangle", [w, s, t], (device, x) => device.TakeTriangle(x[0], flag ? x[1] : null, isLower, x[2]), 2);
            yield return new(
                "TakeTriangleBackward",
                [w, s, t, dt, dw, ds],
                (device, x) =>
                {
                    device.TakeTriangle(x[0], x[1], isLower, x[2]);
                    device.TakeTriangleBackward(x[2], isLower, x[3], x[4], flag, x[5]);
                },
                4,
                5);
            yield return new(
                "MatMulTriangular, by a triangle",
                [w, s, t, a, b],
                (device, x) =>
                {
                    device.TakeTriangle(x[0], x[1], isLower, x[2]);
                    device.MatMulTriangular(x[3], false, x[2], false, x[4], flag, isLower ? MatrixTriangle.RightLower : MatrixTriangle.RightUpper);
                },
                4);
            yield return new(
                "MatMulTriangular, to a triangle",
                [a, b, t, w, dw, ds],
                (device, x) =>
                {
                    // What lies outside has no meaning; the step back through the triangle reads the rest.
                    device.MatMulTriangular(x[0], true, x[1], false, x[2], flag, isLower ? MatrixTriangle.ResultLower : MatrixTriangle.ResultUpper);
                    device.TakeTriangleBackward(x[3], isLower, x[2], x[4], accumulate: false, x[5]);
                },
                4,
                5);
        }

        yield return new("ShiftScale", [a, s, ds, b], (device, x) => device.ShiftScale(x[0], x[1], x[2], x[3]), 3);
        yield return new(
            "ShiftScaleBackward",
            [a, s, b, Input.Uniform(random, matrix), ds, Input.Uniform(random, vector)],
            (device, x) => device.ShiftScaleBackward(x[0], x[1], x[2], x[3], flag, x[4], x[5]),
            3,
            4,
            5);
    }

    private static IEnumerable<KernelCase> Gaussians(int rows, int columns, bool flag, SeededRandom random)
    {
        var (matrix, sums) = (new Shape(rows, columns), Input.Uniform(random, new Shape(rows)));
        var start = columns / 3;
        var coupling = new CouplingShape(columns, start, columns - start - (columns > 5 ? 2 : 0), 2.5f);
        var (a, y, dy, dx) = (Input.Uniform(random, matrix), Input.Uniform(random, matrix), Input.Uniform(random, matrix), Input.Uniform(random, matrix));
        var (head, headGradient) = (Input.Uniform(random, new Shape(rows, 2 * coupling.Changed), 3), Input.Uniform(random, new Shape(rows, 2 * coupling.Changed)));
        var (s, e) = (Input.Uniform(random, new Shape(rows, coupling.Changed)), Input.Uniform(random, new Shape(rows, coupling.Changed)));
        yield return new("Couple", [a, head, y, s, e, sums], (device, x) => device.Couple(x[0], x[1], coupling, x[2], x[3], x[4], x[5]), 2, 3, 4, 5);
        foreach (var addsHead in new[] { false, true })
        {
            yield return new(
                "CoupleBackward",
                [a, head, y, s, e, sums, dy, dx, headGradient],
                (device, x) =>
                {
                    device.Couple(x[0], x[1], coupling, x[2], x[3], x[4], x[5]);
                    device.CoupleBackward(x[0], x[3], x[4], coupling, x[6], x[5], x[7], flag, x[8], addsHead);
                },
                7,
                8);
        }

        // Columns after the Gaussians' own belong to other fields.
        var (decoded, decodedGradient) = (Input.Uniform(random, new Shape(rows, (2 * columns) + (flag ? 3 : 0)), 2), Input.Uniform(random, new Shape(rows, (2 * columns) + (flag ? 3 : 0))));
        var (present, r) = (Input.Flags(random, matrix), Input.Uniform(random, matrix));
        foreach (var isMissing in new[] { false, true })
        {
            Input[] inputs = [decoded, a, present, r, y, dx, sums];
            yield return new(
                "GaussianResiduals", inputs, (device, x) => device.GaussianResiduals(x[0], x[1], isMissing ? x[2] : null, 3, x[3], x[4], x[5], x[6]), 3, 4, 5, 6);
            yield return new(
                "GaussianResidualsBackward",
                [.. inputs, dy, Input.Uniform(random, new Shape(rows)), decodedGradient],
                (device, x) =>
                {
                    device.GaussianResiduals(x[0], x[1], isMissing ? x[2] : null, 3, x[3], x[4], x[5], x[6]);
                    device.GaussianResidualsBackward(x[3], x[4], x[5], isMissing ? x[2] : null, 3, x[7], x[8], x[9], flag);
                },
                9);
        }
    }
}
