using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Maps features to noise of the same width, invertibly, level by level; each level is conditioned on a code of its own.</summary>
/// <remarks>
/// A level is some steps of normalisation, mixing and coupling. After each level but the last the second half of the features is finished and leaves
/// (Dinh et al., 2017; Kingma and Dhariwal, 2018). Every feature keeps its place: the first ones are those that went through most levels.
/// A level that would be left without a feature keeps the last one.
/// </remarks>
internal sealed class MultiScaleFlow
{
    private readonly FlowStep[][] _levels;
    private readonly int[] _widths;

    /// <summary>Creates the layers NAME.LEVEL.STEP.*.</summary>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="name">Name of the flow.</param>
    /// <param name="width">Number of features.</param>
    /// <param name="conditions">Width of each level's code.</param>
    /// <param name="steps">Steps of a level.</param>
    /// <param name="hidden">Units of a coupling's hidden layer.</param>
    /// <param name="maxLogScale">Bound of a coupling's log-scale.</param>
    /// <param name="random">Source of the initial weights.</param>
    public MultiScaleFlow(
        ParameterSet parameters, string name, int width, ReadOnlySpan<int> conditions, int steps, int hidden, double maxLogScale, SeededRandom random)
    {
        _levels = new FlowStep[conditions.Length][];
        _widths = new int[conditions.Length];
        for (var level = 0; level < _levels.Length; level++)
        {
            _widths[level] = width;
            _levels[level] = new FlowStep[steps];
            for (var i = 0; i < steps; i++)
            {
                var prefix = $"{name}.{level}.{i}";
                _levels[level][i] = new FlowStep(
                    new ActivationNormalization(parameters, $"{prefix}.normalization", width),
                    new TriangularLinear(parameters, $"{prefix}.mixing", width),
                    new AffineCoupling(parameters, $"{prefix}.coupling", width, conditions[level], hidden, i % 2 == 1, maxLogScale, random));
            }

            width = Math.Max(1, width / 2);
        }
    }

    /// <summary>Gets the steps of each level.</summary>
    public IReadOnlyList<IReadOnlyList<FlowStep>> Levels => _levels;

    /// <summary>Gets the number of features each level works on.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>Maps rows to noise.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, width]</c>.</param>
    /// <param name="codes">Condition of each level, <c>[rows, conditions[level]]</c>.</param>
    /// <param name="initialize">True to start the normalisations from these rows.</param>
    /// <returns>u, <c>[rows, width]</c>, and log|det du/dx|, <c>[rows]</c>.</returns>
    public (Tensor Noise, Tensor LogDeterminant) Forward(Tape? tape, Tensor input, IReadOnlyList<Tensor> codes, bool initialize = false)
    {
        var state = input;
        var finished = new Stack<Tensor>();
        var logDeterminant = input.Device.CreateZeros(new Shape(input.Shape[0]));
        for (var level = 0; level < _levels.Length; level++)
        {
            if (state.Shape[1] > _widths[level])
            {
                finished.Push(Columns.Slice(tape, state, _widths[level], state.Shape[1] - _widths[level]));
                state = Columns.Slice(tape, state, 0, _widths[level]);
            }

            foreach (var step in _levels[level])
            {
                if (initialize)
                    step.Normalization.Initialize(state);
                var (output, coupled) = step.Coupling.Forward(tape, step.Mixing.Forward(tape, step.Normalization.Forward(tape, state)), codes[level]);
                var constant = Arithmetic.Add(tape, step.Normalization.LogDeterminant(tape), step.Mixing.LogDeterminant(tape));
                state = output;
                logDeterminant = Arithmetic.Add(tape, Arithmetic.Add(tape, logDeterminant, coupled), constant);
            }
        }

        while (finished.TryPop(out var part))
            state = Columns.Concat(tape, state, part);
        return (state, logDeterminant);
    }
}
