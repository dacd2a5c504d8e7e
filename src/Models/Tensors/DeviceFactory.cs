using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tensors;

/// <summary>Creates the devices that networks are trained on.</summary>
public abstract class DeviceFactory
{
    /// <summary>Gets the factory of the engine of this assembly.</summary>
    public static DeviceFactory Native { get; } = new NativeFactory();

    /// <summary>Gets the device's name as configurations and manifests spell it: native, torch or cuda.</summary>
    public abstract string Name { get; }

    /// <summary>Creates a device for one training run.</summary>
    internal abstract Device Create();

    private sealed class NativeFactory : DeviceFactory
    {
        public override string Name => "native";

        internal override Device Create() => new CpuDevice();
    }
}
