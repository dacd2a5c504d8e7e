namespace AEAnomaly.Models.Tensors;

/// <summary>Names an element-wise function of two tensors, the second possibly broadcast.</summary>
internal enum BinaryFunction
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a b.</summary>
    Multiply,
}
