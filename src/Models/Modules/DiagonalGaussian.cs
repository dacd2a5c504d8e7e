using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Holds the parameters of Gaussians with independent coordinates, one a row.</summary>
/// <param name="Mean">Means, <c>[rows, width]</c>.</param>
/// <param name="LogVariance">Logarithms of the variances, same shape.</param>
internal readonly record struct DiagonalGaussian(Tensor Mean, Tensor LogVariance);
