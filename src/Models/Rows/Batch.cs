using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Rows;

/// <summary>Holds some rows of a training set on a device.</summary>
/// <param name="Values">Features, <c>[rows, features]</c>.</param>
/// <param name="Present">1 where a field is present and 0 where it is missing, <c>[rows, blocks]</c>; null when no field of the set is missing.</param>
internal readonly record struct Batch(Tensor Values, Tensor? Present)
{
    /// <summary>Gets the number of rows.</summary>
    public int Rows => Values.Shape[0];
}
