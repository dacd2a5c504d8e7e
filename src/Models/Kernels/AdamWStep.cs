namespace AEAnomaly.Models.Kernels;

/// <summary>Holds the numbers of one AdamW update that do not depend on the element.</summary>
/// <param name="LearningRate">Step size after the schedule.</param>
/// <param name="Beta1">Decay of the mean of gradients.</param>
/// <param name="Beta2">Decay of the mean of squared gradients.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Decay">Decoupled weight decay.</param>
/// <param name="Correction1">1 - Beta1^t, t counted from 1.</param>
/// <param name="Correction2">1 - Beta2^t.</param>
/// <param name="GradientScale">Factor on the gradient, from clipping.</param>
internal readonly record struct AdamWStep(
    float LearningRate,
    float Beta1,
    float Beta2,
    float Epsilon,
    float Decay,
    float Correction1,
    float Correction2,
    float GradientScale);
