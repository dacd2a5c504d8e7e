using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Holds the parameters of one fully connected layer: y = x Wᵀ + b, or max(x Wᵀ + b, 0).</summary>
/// <param name="Weight">W, <c>[outputs, inputs]</c>.</param>
/// <param name="Bias">b, <c>[outputs]</c>.</param>
/// <param name="Relu">True to apply max(y, 0).</param>
internal readonly record struct AffineLayer(Tensor Weight, Tensor Bias, bool Relu);
