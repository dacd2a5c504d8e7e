namespace AEAnomaly.Models.Training;

/// <summary>Tells what a network took over from the one it began from.</summary>
/// <param name="Features">Features whose weights were taken over.</param>
/// <param name="AllFeatures">Features of a row.</param>
/// <param name="Layers">Layers that were taken over, whole or for the features that match.</param>
/// <param name="AllLayers">Layers of the network.</param>
public sealed record WeightReuse(int Features, int AllFeatures, int Layers, int AllLayers);
