namespace AEAnomaly.Detection.Records;

/// <summary>States how a numeric field is brought to a common scale.</summary>
public enum NumericScaling
{
    /// <summary>Chosen from the training data: <see cref="Standard"/>, or <see cref="Log1p"/> where a few huge values would make all others look alike.</summary>
    Auto,

    /// <summary>(x - mean) / standard deviation.</summary>
    Standard,

    /// <summary>(x - median) / interquartile range.</summary>
    Robust,

    /// <summary>Empirical quantile mapped to the normal distribution.</summary>
    Quantile,

    /// <summary>sign(x) log(1 + |x|), then standardised.</summary>
    Log1p,
}
