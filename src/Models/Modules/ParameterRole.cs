namespace AEAnomaly.Models.Modules;

/// <summary>States what the optimiser does with a parameter.</summary>
internal enum ParameterRole
{
    /// <summary>Learned, with weight decay: the matrices.</summary>
    Weight,

    /// <summary>Learned without weight decay: biases and scales, which decay would only shift.</summary>
    Offset,

    /// <summary>Fitted once and stored, not learned by gradient.</summary>
    Constant,
}
