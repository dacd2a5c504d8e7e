namespace AEAnomaly.Models.Tensors;

/// <summary>Names an element-wise function y = f(x) that a device offers with its derivative.</summary>
internal enum UnaryFunction
{
    /// <summary>y = x where x > 0, otherwise 0.</summary>
    Relu,

    /// <summary>y = x where x > 0, otherwise 0.01 x.</summary>
    LeakyRelu,

    /// <summary>y = tanh(x).</summary>
    Tanh,

    /// <summary>y = 1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>y = log(1 + exp(x)), computed without overflow.</summary>
    Softplus,

    /// <summary>y = exp(x).</summary>
    Exp,

    /// <summary>y = log(x), for x > 0.</summary>
    Log,

    /// <summary>y = x².</summary>
    Square,
}
