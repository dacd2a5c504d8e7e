using AEAnomaly.Models.Kernels;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Matrix products, and what layers put around them.</content>
internal sealed partial class TorchDevice
{
    public override void MatMul(Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate)
    {
        using var a = Read(left, transposeLeft);
        using var b = Read(right, transposeRight);
        if (!accumulate)
        {
            Set(result, a.Value.mm(b.Value));
            return;
        }

        using var c = Change(result);
        c.Value.addmm_(a.Value, b.Value, 1, 1);
    }

    // Torch has no such product: the zeros are multiplied too, and what nobody reads is computed.
    public override void MatMulTriangular(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate, MatrixTriangle triangle) =>
        MatMul(left, transposeLeft, right, transposeRight, result, accumulate);

    public override void Affine(Tensor input, Tensor weight, Tensor bias, bool relu, Tensor result)
    {
        using var x = Read(input);
        using var w = Read(weight, transpose: true);
        using var b = Read(bias);
        var y = torch.addmm(b.Value, x.Value, w.Value, 1, 1);
        if (relu)
            y.relu_();
        Set(result, y);
    }

    public override void MatMulMasked(Tensor left, Tensor right, Tensor mask, Tensor result, Tensor columnSums, bool accumulate)
    {
        using var a = Read(left);
        using var b = Read(right);
        var c = a.Value.mm(b.Value);
        Mask(c, mask);
        AddOrSet(columnSums, c.sum(0L), accumulate);
        Set(result, c);
    }

    public override void MaskByRelu(Tensor result, Tensor gradient)
    {
        using var dy = Change(gradient);
        Mask(dy.Value, result);
    }

    // The sign of max(x, 0) is 0 or 1: measured 10 to 25 times faster on a processor than a comparison with masked_fill_ or where.
    private static void Mask(torch.Tensor gradient, Tensor output)
    {
        using var y = Read(output);
        using var on = y.Value.sign();
        gradient.mul_(on);
    }
}
