using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Tensors;

/// <summary>Holds what <see cref="FarDevice"/> computes, until it is freed.</summary>
internal sealed class FarMemory : DeviceMemory, IDisposable
{
    private readonly FarTraffic _traffic;
    private CpuMemory? _near;

    public FarMemory(int capacity, FarTraffic traffic)
        : base(capacity)
    {
        (_traffic, _near) = (traffic, new CpuMemory(capacity));
        _traffic.LiveMemories++;
    }

    public CpuMemory Near => _near ?? throw new ObjectDisposedException(nameof(FarMemory));

    public void Dispose()
    {
        ObjectDisposedException.ThrowIf(_near is null, this);
        _traffic.LiveMemories--;
        _near = null;
    }
}
