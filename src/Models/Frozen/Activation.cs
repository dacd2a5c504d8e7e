namespace AEAnomaly.Models.Frozen;

/// <summary>Names the function a dense layer applies to its sums.</summary>
internal enum Activation
{
    /// <summary>y = x.</summary>
    Identity,

    /// <summary>y = max(x, 0).</summary>
    Relu,

    /// <summary>y = x where x &gt; 0, otherwise 0.01 x.</summary>
    LeakyRelu,

    /// <summary>y = tanh(x).</summary>
    Tanh,

    /// <summary>y = 1 / (1 + exp(-x)).</summary>
    Sigmoid,
}
