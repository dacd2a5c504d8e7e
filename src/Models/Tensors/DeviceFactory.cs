namespace AEAnomaly.Models.Tensors;

/// <summary>Creates the devices that networks are trained on.</summary>
public abstract class DeviceFactory
{
    /// <summary>Gets the device's name as configurations and manifests spell it: native, torch or cuda.</summary>
    public abstract string Name { get; }

    /// <summary>Creates a device for one training run.</summary>
    internal abstract Device Create();
}
