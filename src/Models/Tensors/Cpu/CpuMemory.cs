namespace AEAnomaly.Models.Tensors.Cpu;

/// <summary>Holds elements in a managed array.</summary>
internal sealed class CpuMemory(int capacity) : DeviceMemory(capacity)
{
    // Every kernel writes before it reads; zeroing here would be paid again by Fill.
    public float[] Values { get; } = GC.AllocateUninitializedArray<float>(capacity);
}
