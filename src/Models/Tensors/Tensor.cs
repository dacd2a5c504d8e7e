namespace AEAnomaly.Models.Tensors;

/// <summary>Holds float32 values of rank 1 to 4, contiguous and row-major, in the memory of a device.</summary>
/// <remarks>Carries no gradient and no history: both belong to the tape an operation is given.</remarks>
internal sealed class Tensor(Device device, Shape shape, DeviceMemory memory)
{
    public Device Device { get; } = device;

    public Shape Shape { get; } = shape;

    public DeviceMemory Memory { get; } = memory;

    /// <summary>Gets the number of elements.</summary>
    public int Count => Shape.Count;

    /// <summary>Shows the values as a single row; shares the memory.</summary>
    public Tensor Flat() => new(Device, new Shape(1, Count), Memory);

    /// <summary>Copies the values to the host.</summary>
    public float[] ToArray()
    {
        var values = new float[Count];
        Device.Download(this, values);
        return values;
    }

    public override string ToString() => $"Tensor {Shape}";
}
