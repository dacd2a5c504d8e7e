using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Variants.Hierarchical;

namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Hands a network with a flow over for frozen scoring.</summary>
internal static class FlowFreezer
{
    /// <summary>Copies the weights.</summary>
    /// <param name="network">Trained network.</param>
    /// <param name="vectors">Vector registers to score with; the scores do not depend on it.</param>
    public static FrozenFlowModel Freeze(FlowNetwork network, VectorWidth? vectors = null)
    {
        var registers = vectors ?? VectorWidths.Widest;
        var encoder = network.Encoder;
        var parts = new FrozenFlowParts(
            network.Parts,
            [.. encoder.Trunk.Select(layer => RowMajorLayers.Take(layer, relu: true))],
            [.. encoder.Heads.Select(layer => RowMajorLayers.Take(layer, relu: false))],
            [.. Enumerable.Range(0, encoder.Heads.Count).Select(level => LevelEncoder.LayerOf(level, encoder.Heads.Count, encoder.Trunk.Count))],
            RowMajorLayers.Take(network.Decoder),
            network.Flow is { } flow ? new FrozenFlow(flow, encoder.Widths, registers) : null,
            LevelEncoder.MaxLogVariance,
            network.MaxLogScale,
            network.Reference);
        return new FrozenFlowModel(network.Layout, parts, registers);
    }
}
