using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Triangular weights, and the scaling of features, of invertible networks.</content>
internal sealed partial class TorchDevice
{
    public override void TakeTriangle(Tensor weights, Tensor? logDiagonal, bool isLower, Tensor triangle)
    {
        using var w = Read(weights);
        var t = Side(w.Value, isLower);
        using var diagonal = t.diagonal();
        if (logDiagonal is null)
        {
            diagonal.fill_(One);
        }
        else
        {
            using var s = Read(logDiagonal);
            using var e = s.Value.exp();
            diagonal.copy_(e);
        }

        Set(triangle, t);
    }

    public override void TakeTriangleBackward(
        Tensor triangle, bool isLower, Tensor gradient, Tensor? weightsGradient, bool accumulate, Tensor? logDiagonalGradient)
    {
        using var dt = Read(gradient);
        if (weightsGradient is not null)
            AddOrSet(weightsGradient, Side(dt.Value, isLower), accumulate);
        if (logDiagonalGradient is null)
            return;

        using var t = Read(triangle);
        using var slopes = dt.Value.diagonal();
        using var values = t.Value.diagonal();
        using var ds = Change(logDiagonalGradient);
        ds.Value.addcmul_(slopes, values, One);
    }

    public override void ShiftScale(Tensor input, Tensor bias, Tensor scale, Tensor result)
    {
        using var x = Read(input);
        using var b = Read(bias);
        using var e = Read(scale);
        using var shifted = x.Value.add(b.Value, One);
        Set(result, shifted.mul(e.Value));
    }

    public override void ShiftScaleBackward(
        Tensor result, Tensor scale, Tensor gradient, Tensor inputGradient, bool accumulate, Tensor biasGradient, Tensor logScaleGradient)
    {
        using var y = Read(result);
        using var e = Read(scale);
        using var dy = Read(gradient);
        using var db = Change(biasGradient);
        using var ds = Change(logScaleGradient);
        var scaled = dy.Value.mul(e.Value);
        using var sums = scaled.sum(0L);
        db.Value.add_(sums, One);
        using var product = dy.Value.mul(y.Value);
        using var products = product.sum(0L);
        ds.Value.add_(products, One);
        AddOrSet(inputGradient, scaled, accumulate);
    }

    private static torch.Tensor Side(torch.Tensor square, bool isLower) => isLower ? square.tril(-1) : square.triu(1);
}
