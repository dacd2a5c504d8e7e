using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds one step of a flow as scoring reads it.</summary>
internal sealed class FrozenFlowStep
{
    private readonly float[] _bias;
    private readonly float[] _scale;
    private readonly float[] _lower;
    private readonly float[] _upper;
    private readonly float[] _mixing;
    private readonly DenseLayer _hidden;
    private readonly DenseLayer _output;
    private readonly int _passedStart;
    private readonly int _changedStart;
    private readonly float _maxLogScale;

    public FrozenFlowStep(FlowStep step)
    {
        Width = step.Coupling.Width;
        _bias = step.Normalization.Bias.ToArray();
        var logScale = step.Normalization.LogScale.ToArray();
        _scale = [.. logScale.Select(RowMajorLayers.Exp)];
        var (lower, upper) = step.Mixing.Factors(null);
        (_lower, _upper) = (lower.ToArray(), upper.ToArray());
        var logDiagonal = step.Mixing.LogDiagonal.ToArray();
        for (var i = 0; i < Width; i++)
            _upper[(i * Width) + i] = RowMajorLayers.Exp(logDiagonal[i]);
        _mixing = new float[Width * Width];
        MatrixKernels.Multiply(_lower, false, _upper, false, _mixing, Width, Width, Width, accumulate: false);
        ConstantLogDeterminant = logScale.Sum(value => (double)value) + logDiagonal.Sum(value => (double)value);
        var coupling = step.Coupling;
        _hidden = RowMajorLayers.Take(coupling.Hidden, relu: true);
        _output = DenseLayer.FromOutputMajor(coupling.OutputWeight.ToArray(), coupling.OutputBias.ToArray(), Activation.Identity);
        (Passed, Transformed, _maxLogScale) = (coupling.Passed, coupling.Transformed, coupling.MaxLogScale);
        (_passedStart, _changedStart) = coupling.TransformsFirst ? (Transformed, 0) : (0, Passed);
    }

    public int Width { get; }

    public int Passed { get; }

    public int Transformed { get; }

    /// <summary>Gets the widest of the coupling's layers.</summary>
    public int WidestLayer => Math.Max(Math.Max(_hidden.Inputs, _hidden.Outputs), _output.Outputs);

    /// <summary>Gets the part of log|det| that is the same for every row.</summary>
    public double ConstantLogDeterminant { get; }

    /// <summary>Maps rows one step towards the noise.</summary>
    /// <param name="state"><c>[rows, Width]</c>, changed in place.</param>
    /// <param name="codes">Condition, <c>[rows, code]</c>.</param>
    /// <param name="logDeterminants">One sum a row, to add to.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="vectors">Vector registers to use.</param>
    public void Forward(Span<float> state, ReadOnlySpan<float> codes, Span<double> logDeterminants, FlowScratch scratch, VectorWidth vectors)
    {
        var rows = logDeterminants.Length;
        for (var row = 0; row < rows; row++)
        {
            var values = state.Slice(row * Width, Width);
            for (var j = 0; j < Width; j++)
                values[j] = (values[j] + _bias[j]) * _scale[j];
        }

        var mixed = scratch.Mixed.AsSpan(0, rows * Width);
        MatrixKernels.Multiply(state, false, _mixing, false, mixed, rows, Width, Width, accumulate: false, vectors);
        mixed.CopyTo(state);
        var head = Couple(state, codes, rows, scratch, vectors);
        var logScales = scratch.LogScales.AsSpan(0, rows * Transformed);
        for (var row = 0; row < rows; row++)
            head.Slice(row * 2 * Transformed, Transformed).CopyTo(logScales[(row * Transformed)..]);
        RowMajorLayers.BoundedExp(logScales, scratch.Scales, _maxLogScale, 1, vectors);
        for (var row = 0; row < rows; row++)
        {
            var changed = state.Slice((row * Width) + _changedStart, Transformed);
            var shifts = head.Slice(((row * 2) + 1) * Transformed, Transformed);
            var (logs, scales) = (row * Transformed, scratch.Scales);
            var sum = 0.0;
            for (var j = 0; j < Transformed; j++)
            {
                changed[j] = (changed[j] * scales[logs + j]) + shifts[j];
                sum += logScales[logs + j];
            }

            logDeterminants[row] += sum + ConstantLogDeterminant;
        }
    }

    /// <summary>Maps one row one step back from the noise.</summary>
    /// <param name="state"><c>[Width]</c>, changed in place.</param>
    /// <param name="code">Condition, <c>[code]</c>.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="vectors">Vector registers to use.</param>
    public void Inverse(Span<float> state, ReadOnlySpan<float> code, FlowScratch scratch, VectorWidth vectors)
    {
        var head = Couple(state, code, 1, scratch, vectors);
        var changed = state.Slice(_changedStart, Transformed);
        for (var j = 0; j < Transformed; j++)
            changed[j] = (changed[j] - head[Transformed + j]) * RowMajorLayers.Exp(-RowMajorLayers.Bounded(head[j], _maxLogScale));

        // y = x L U: first h U = y from the left, then x L = h from the right.
        var solved = scratch.Solved.AsSpan(0, Width);
        for (var j = 0; j < Width; j++)
        {
            double sum = state[j];
            for (var i = 0; i < j; i++)
                sum -= solved[i] * _upper[(i * Width) + j];
            solved[j] = sum / _upper[(j * Width) + j];
        }

        for (var j = Width - 1; j >= 0; j--)
        {
            for (var i = j + 1; i < Width; i++)
                solved[j] -= solved[i] * _lower[(i * Width) + j];
            state[j] = (float)((solved[j] / _scale[j]) - _bias[j]);
        }
    }

    private Span<float> Couple(ReadOnlySpan<float> state, ReadOnlySpan<float> codes, int rows, FlowScratch scratch, VectorWidth vectors)
    {
        var code = codes.Length / rows;
        var input = scratch.Input.AsSpan(0, rows * (Passed + code));
        for (var row = 0; row < rows; row++)
        {
            var place = input.Slice(row * (Passed + code), Passed + code);
            state.Slice((row * Width) + _passedStart, Passed).CopyTo(place);
            codes.Slice(row * code, code).CopyTo(place[Passed..]);
        }

        RowMajorLayers.Run(_hidden, input, scratch.Hidden, rows, vectors);
        RowMajorLayers.Run(_output, scratch.Hidden, scratch.Output, rows, vectors);
        return scratch.Output.AsSpan(0, rows * 2 * Transformed);
    }
}
