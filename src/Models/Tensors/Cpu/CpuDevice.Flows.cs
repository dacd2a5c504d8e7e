using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    private static readonly float HalfLogTwoPi = (float)(0.5 * Math.Log(2 * Math.PI));

    public override void MatMulTriangular(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate, MatrixTriangle triangle)
    {
        var (m, n) = (result.Shape[0], result.Shape[1]);
        var k = left.Shape[transposeLeft ? 0 : 1];
        MatrixKernels.MultiplyTriangular(
            Span(left), transposeLeft, Span(right), transposeRight, Span(result), m, n, k, accumulate, triangle, VectorWidths.Widest);
    }

    public override void TakeTriangle(Tensor weights, Tensor? logDiagonal, bool isLower, Tensor triangle)
    {
        var width = triangle.Shape[0];
        var source = Span(weights);
        var target = Span(triangle);
        var logs = SpanOrEmpty(logDiagonal);
        for (var row = 0; row < width; row++)
        {
            var (start, count) = Side(row, width, isLower);
            source.Slice(start, count).CopyTo(target[start..]);
            ClearOtherSide(row, width, isLower, target);
            target[row * (width + 1)] = logs.IsEmpty ? 1 : MathF.Exp(logs[row]);
        }
    }

    public override void TakeTriangleBackward(
        Tensor triangle, bool isLower, Tensor gradient, Tensor? weightsGradient, bool accumulate, Tensor? logDiagonalGradient)
    {
        var width = triangle.Shape[0];
        var values = Span(triangle);
        var source = Span(gradient);
        var target = SpanOrEmpty(weightsGradient);
        var logs = SpanOrEmpty(logDiagonalGradient);
        for (var row = 0; row < width; row++)
        {
            var (start, count) = Side(row, width, isLower);
            if (!target.IsEmpty && accumulate)
            {
                ElementKernels.AddScaled(source.Slice(start, count), 1, target.Slice(start, count));
            }
            else if (!target.IsEmpty)
            {
                source.Slice(start, count).CopyTo(target[start..]);
                ClearOtherSide(row, width, isLower, target);
                target[row * (width + 1)] = 0;
            }

            if (!logs.IsEmpty)
                logs[row] += source[row * (width + 1)] * values[row * (width + 1)];
        }
    }

    public override void Couple(Tensor input, Tensor head, CouplingShape shape, Tensor output, Tensor logScales, Tensor scales, Tensor sums)
    {
        CouplingKernels.Forward(Span(input), Span(head), Span(output), Span(logScales), Span(scales), shape, VectorWidths.Widest);
        Sum(logScales, AxisSplit.Over(logScales.Shape, 1, 1), 1, sums, accumulate: false);
    }

    public override void CoupleBackward(
        Tensor input,
        Tensor logScales,
        Tensor scales,
        CouplingShape shape,
        Tensor outputGradient,
        Tensor sumsGradient,
        Tensor inputGradient,
        bool addsInput,
        Tensor headGradient,
        bool addsHead) =>
        CouplingKernels.Backward(
            Span(input),
            Span(logScales),
            Span(scales),
            Span(outputGradient),
            Span(sumsGradient),
            Span(inputGradient),
            addsInput,
            Span(headGradient),
            addsHead,
            shape,
            VectorWidths.Widest);

    public override void ShiftScale(Tensor input, Tensor bias, Tensor scale, Tensor result) =>
        ShiftScaleKernels.Forward(Span(input), Span(bias), Span(scale), Span(result), VectorWidths.Widest);

    public override void ShiftScaleBackward(
        Tensor result, Tensor scale, Tensor gradient, Tensor inputGradient, bool accumulate, Tensor biasGradient, Tensor logScaleGradient) =>
        ShiftScaleKernels.Backward(
            Span(result), Span(scale), Span(gradient), Span(inputGradient), accumulate, Span(biasGradient), Span(logScaleGradient), VectorWidths.Widest);

    public override void GaussianResiduals(
        Tensor decoded, Tensor target, Tensor? present, float bound, Tensor residuals, Tensor logDeviations, Tensor precisions, Tensor costs)
    {
        var (rows, columns) = (target.Shape[0], target.Shape[1]);
        ReadOnlySpan<float> flags = SpanOrEmpty(present);
        var s = Span(logDeviations);
        var sums = Span(costs);
        ResidualKernels.Forward(
            Span(decoded), decoded.Shape[1], Span(target), flags, bound, Span(residuals), s, Span(precisions), rows, VectorWidths.Widest);
        for (var row = 0; row < rows; row++)
        {
            var own = s.Slice(row * columns, columns);
            var flagsOfRow = flags.IsEmpty ? flags : flags.Slice(row * columns, columns);
            sums[row] = flags.IsEmpty ? Sum(own) + (columns * HalfLogTwoPi) : Dot(flagsOfRow, own) + (Sum(flagsOfRow) * HalfLogTwoPi);
        }
    }

    public override void GaussianResidualsBackward(
        Tensor residuals,
        Tensor logDeviations,
        Tensor precisions,
        Tensor? present,
        float bound,
        Tensor residualsGradient,
        Tensor costsGradient,
        Tensor decodedGradient,
        bool accumulate) =>
        ResidualKernels.Backward(
            Span(residuals),
            Span(logDeviations),
            Span(precisions),
            SpanOrEmpty(present),
            bound,
            Span(residualsGradient),
            Span(costsGradient),
            Span(decodedGradient),
            decodedGradient.Shape[1],
            accumulate,
            VectorWidths.Widest);

    // The elements of a row strictly below or above the diagonal.
    private static (int Start, int Count) Side(int row, int width, bool isLower) =>
        isLower ? (row * width, row) : ((row * width) + row + 1, width - row - 1);

    private static void ClearOtherSide(int row, int width, bool isLower, Span<float> values)
    {
        var (start, count) = Side(row, width, !isLower);
        values.Slice(start, count).Clear();
    }
}
