using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Broadcasts along an axis, and sums over it.</content>
internal sealed partial class TorchDevice
{
    public override void Binary(BinaryFunction function, Tensor left, Tensor right, AxisSplit split, Tensor result)
    {
        using var a = Read(left, Wide(left, split));
        using var b = Read(right, Narrow(left, split));
        var y = function switch
        {
            BinaryFunction.Add => a.Value.add(b.Value, One),
            BinaryFunction.Subtract => a.Value.sub(b.Value),
            BinaryFunction.Multiply => a.Value.mul(b.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "The device does not know this function."),
        };
        Set(result, y, Wide(left, split));
    }

    public override void AddBroadcast(Tensor source, float factor, AxisSplit split, Tensor target)
    {
        using var x = Read(source, Narrow(target, split));
        using var y = Change(target, Wide(target, split));
        Add(y.Value, x.Value, factor);
    }

    public override void MultiplyAdd(Tensor left, Tensor right, AxisSplit split, Tensor target)
    {
        using var a = Read(left, Wide(target, split));
        using var b = Read(right, Narrow(target, split));
        using var y = Change(target, Wide(target, split));
        y.Value.addcmul_(a.Value, b.Value, One);
    }

    public override void Sum(Tensor source, AxisSplit split, float factor, Tensor target, bool accumulate)
    {
        using var x = Read(source, Summed(split));
        var sums = x.Value.sum(SummedAxis(split));
        if (accumulate)
        {
            using var y = Change(target, Sums(split));
            Add(y.Value, sums, factor);
            sums.Dispose();
            return;
        }

        if (factor != 1)
        {
            using var scale = factor.ToScalar();
            sums.mul_(scale);
        }

        Set(target, sums, Sums(split));
    }

    public override void SumProduct(Tensor left, Tensor right, AxisSplit split, Tensor target)
    {
        using var a = Read(left, Summed(split));
        using var b = Read(right, Summed(split));
        using var product = a.Value.mul(b.Value);
        using var sums = product.sum(SummedAxis(split));
        using var y = Change(target, Sums(split));
        y.Value.add_(sums, One);
    }

    // [O, K, I] without the axes of extent 1, which torch would loop over all the same.
    private static Shape Summed(AxisSplit split) =>
        split.Inner == 1 ? new Shape(split.Outer, split.Axis)
        : split.Outer == 1 ? new Shape(split.Axis, split.Inner)
        : new Shape(split.Outer, split.Axis, split.Inner);

    private static long SummedAxis(AxisSplit split) => split.Inner > 1 && split.Outer == 1 ? 0 : 1;

    private static Shape Sums(AxisSplit split) =>
        split.Inner == 1 ? new Shape(split.Outer) : split.Outer == 1 ? new Shape(split.Inner) : new Shape(split.Outer, split.Inner);

    // Element by element there is nothing to broadcast.
    private static Shape Wide(Tensor wide, AxisSplit split) => split.Axis == 1 ? wide.Shape : Summed(split);

    // [O, 1] goes over [O, K], [I] over [K, I], [O, 1, I] over [O, K, I].
    private static Shape Narrow(Tensor wide, AxisSplit split) =>
        split.Axis == 1 ? wide.Shape
        : split.Inner == 1 ? new Shape(split.Outer, 1)
        : split.Outer == 1 ? new Shape(split.Inner)
        : new Shape(split.Outer, 1, split.Inner);
}
