namespace AEAnomaly.Models.Features;

/// <summary>States how a block of features is distributed, and so which likelihood its reconstruction is judged by.</summary>
public enum BlockKind
{
    /// <summary>Real-valued features on a comparable scale; squared error (Gaussian with unit variance).</summary>
    Real,

    /// <summary>Features in {0, 1}; the network gives logits, the error is the binary cross-entropy (Bernoulli).</summary>
    Binary,

    /// <summary>One-hot features of one categorical field; the network gives logits, the error is the cross-entropy of a softmax over the block.</summary>
    Category,
}
