using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Tensors;

/// <summary>Creates devices that stand for an accelerator, and adds up what they exchange with the host.</summary>
internal sealed class FarDeviceFactory : DeviceFactory
{
    public override string Name => "far";

    public FarTraffic Traffic { get; } = new();

    internal override Device Create() => new FarDevice(Traffic);
}
