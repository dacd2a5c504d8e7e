using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Names a tensor that belongs to a model and is stored with it.</summary>
/// <param name="Name">Name in the weights file, with dots between modules: "encoder.0.weight".</param>
/// <param name="Value">Values; the optimiser changes them in place.</param>
/// <param name="Role">What the optimiser may do with it.</param>
internal sealed record Parameter(string Name, Tensor Value, ParameterRole Role);
