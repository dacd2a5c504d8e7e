using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Functions of single elements and their derivatives.</content>
internal sealed partial class TorchDevice
{
    private static readonly Scalar Leak = 0.01f.ToScalar();

    public override void Unary(UnaryFunction function, Tensor source, Tensor result)
    {
        using var x = Read(source, result.Shape);
        Set(result, function switch
        {
            UnaryFunction.Relu => x.Value.relu(),
            UnaryFunction.LeakyRelu => x.Value.leaky_relu(Leak),
            UnaryFunction.Tanh => x.Value.tanh(),
            UnaryFunction.Sigmoid => x.Value.sigmoid(),
            UnaryFunction.Softplus => Softplus(x.Value),
            UnaryFunction.Exp => x.Value.exp(),
            UnaryFunction.Log => x.Value.log(),
            UnaryFunction.Square => x.Value.mul(x.Value),
            _ => throw Unknown(function),
        });
    }

    public override void UnaryBackward(
        UnaryFunction function, Tensor source, Tensor result, Tensor resultGradient, Tensor sourceGradient, bool accumulate)
    {
        using var x = Read(source, sourceGradient.Shape);
        using var y = Read(result, sourceGradient.Shape);
        using var dy = Read(resultGradient, sourceGradient.Shape);
        var slope = function switch
        {
            UnaryFunction.Relu => y.Value.sign(),
            UnaryFunction.LeakyRelu => x.Value.sign().clamp_min_(Leak),
            UnaryFunction.Tanh => OneMinusSquare(y.Value),
            UnaryFunction.Sigmoid => y.Value.neg().add_(One, One).mul_(y.Value),
            UnaryFunction.Softplus => x.Value.sigmoid(),
            UnaryFunction.Exp => y.Value.clone(),
            UnaryFunction.Log => x.Value.reciprocal(),
            UnaryFunction.Square => x.Value.mul(Two),
            _ => throw Unknown(function),
        };
        AddOrSet(sourceGradient, slope.mul_(dy.Value), accumulate);
    }

    // max(x, 0) + log(1 + exp(-|x|)) does not overflow.
    private static torch.Tensor Softplus(torch.Tensor x)
    {
        using var rest = x.abs();
        rest.neg_().exp_();
        using var log = rest.log1p();
        using var above = x.relu();
        return above.add(log, One);
    }

    private static torch.Tensor OneMinusSquare(torch.Tensor y) => y.mul(y).neg_().add_(One, One);

    private static ArgumentOutOfRangeException Unknown(UnaryFunction function) =>
        new(nameof(function), function, "The device does not know this function.");
}
