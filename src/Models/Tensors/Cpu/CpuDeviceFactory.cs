namespace AEAnomaly.Models.Tensors.Cpu;

/// <summary>Creates the devices of the engine of this assembly.</summary>
public sealed class CpuDeviceFactory : DeviceFactory
{
    private CpuDeviceFactory()
    {
    }

    /// <summary>Gets the one there is: it holds nothing.</summary>
    public static CpuDeviceFactory Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "native";

    internal override Device Create() => new CpuDevice();
}
