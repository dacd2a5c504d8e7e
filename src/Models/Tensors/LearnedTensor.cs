namespace AEAnomaly.Models.Tensors;

/// <summary>Names a parameter that follows its gradient.</summary>
/// <param name="Value">Values; changed in place.</param>
/// <param name="Decays">Whether weight decay applies.</param>
internal readonly record struct LearnedTensor(Tensor Value, bool Decays);
