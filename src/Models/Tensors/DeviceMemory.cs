namespace AEAnomaly.Models.Tensors;

/// <summary>Holds float32 elements where a device can reach them.</summary>
internal abstract class DeviceMemory(int capacity)
{
    /// <summary>Gets the number of elements there is room for.</summary>
    public int Capacity { get; } = capacity;
}
