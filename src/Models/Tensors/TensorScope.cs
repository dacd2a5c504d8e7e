namespace AEAnomaly.Models.Tensors;

/// <summary>Gives the memory of every tensor created on a device since it began back to the device's pool when disposed.</summary>
/// <remarks>Scopes nest. One training step or one evaluation is one scope, so that steps after the first allocate no large arrays.</remarks>
internal readonly struct TensorScope(Device device, int mark) : IDisposable
{
    public void Dispose() => device.EndScope(mark);
}
