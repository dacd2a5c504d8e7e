using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds a gated recurrent unit for scoring.</summary>
/// <param name="Units">Width of the state.</param>
/// <param name="Input">From an input to its gates.</param>
/// <param name="Hidden">From the state to its gates.</param>
internal sealed record FrozenGru(int Units, FrozenLinear Input, FrozenLinear Hidden)
{
    /// <summary>Copies a cell.</summary>
    public static FrozenGru Of(GruCell cell) => new(cell.Units, FrozenLinear.Of(cell.Input), FrozenLinear.Of(cell.Hidden));

    /// <summary>Advances states in place.</summary>
    /// <param name="inputGates"><c>[rows, 3 Units]</c>.</param>
    /// <param name="states"><c>[rows, Units]</c>.</param>
    /// <param name="gates">Working memory <c>[rows, 3 Units]</c>.</param>
    public void Step(ReadOnlySpan<float> inputGates, Span<float> states, Span<float> gates)
    {
        Hidden.Apply(states, gates, states.Length / Units);
        GruKernels.Step(inputGates, gates, states, gates, states, Units);
    }
}
