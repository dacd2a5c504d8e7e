using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using TorchSharp;
using static TorchSharp.torch;

namespace AEAnomaly.Models.Torch.Tests.Formulas;

/// <summary>Layers and the optimiser beside torch's own, in double precision.</summary>
/// <remarks>In single precision libtorch 2.10.0 gives wrong gradients of the input of conv1d and wrong results of conv_transpose1d where there is one channel.</remarks>
public sealed class LayerFormulaTests : IDisposable
{
    private readonly CpuDevice _device = new();
    private readonly SeededRandom _random = new(4);

    public void Dispose() => _device.Dispose();

    [TorchTheory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 3)]
    [InlineData(33, 7, 33)]
    public void GruCell_Step_IsThatOfTorch(int rows, int inputs, int units)
    {
        var cell = new Models.Modules.GruCell(new ParameterSet(_device), "cell", inputs, units, _random);
        Move(cell.Input.Bias, cell.Hidden.Bias);
        var (x, h) = (Draw(rows, inputs), Draw(rows, units));

        using var noCollection = NoCollection.Begin();
        using var scope = NewDisposeScope();
        var peer = nn.GRUCell(inputs, units, dtype: ScalarType.Float64);
        Take(peer.weight_ih, cell.Input.Weight);
        Take(peer.weight_hh, cell.Hidden.Weight);
        Take(peer.bias_ih, cell.Input.Bias);
        Take(peer.bias_hh, cell.Hidden.Bias);
        Compare(
            tape => cell.Step(tape, cell.Input.Forward(tape, x), h),
            leaves => peer.forward(leaves[0], leaves[1]),
            [x, h],
            [(cell.Input.Weight, peer.weight_ih!), (cell.Hidden.Weight, peer.weight_hh!), (cell.Input.Bias, peer.bias_ih!), (cell.Hidden.Bias, peer.bias_hh!)]);
    }

    [TorchTheory]
    [InlineData(16, 3, 4, 2, 1)]
    [InlineData(9, 7, 3, 2, 1)]
    [InlineData(5, 3, 5, 1, 0)]
    [InlineData(7, 1, 3, 3, 2)]
    public void Convolution_Forward_IsThatOfTorch(int length, int channels, int kernel, int stride, int padding)
    {
        const int Rows = 7, Outputs = 5;
        var geometry = new PatchGeometry(length, channels, kernel, stride, padding);
        var layer = new Convolution(new ParameterSet(_device), "layer", geometry, Outputs, _random);
        Move(layer.Bias);
        var x = Draw(Rows, geometry.SequenceWidth);

        using var noCollection = NoCollection.Begin();
        using var scope = NewDisposeScope();

        // Ours keep time before channels, torch the channels before time.
        Compare(
            tape => layer.Forward(tape, x),
            leaves =>
            {
                var y = nn.functional.conv1d(
                    leaves[0].view(Rows, length, channels).transpose(1, 2), leaves[1].view(Outputs, kernel, channels).transpose(1, 2), leaves[2], stride, padding);
                return nn.functional.relu(y).transpose(1, 2).reshape(Rows, geometry.Positions * Outputs);
            },
            [x, layer.Weight, layer.Bias],
            []);
    }

    [TorchTheory]
    [InlineData(16, 3, 4, 2, 1)]
    [InlineData(9, 7, 3, 2, 1)]
    [InlineData(5, 3, 5, 1, 0)]
    [InlineData(8, 1, 3, 3, 1)]
    public void TransposedConvolution_Forward_IsThatOfTorch(int length, int channels, int kernel, int stride, int padding)
    {
        const int Rows = 7, Inputs = 5;
        var geometry = new PatchGeometry(length, channels, kernel, stride, padding);
        var layer = new TransposedConvolution(new ParameterSet(_device), "layer", geometry, Inputs, isLast: true, _random);
        Move(layer.Bias);
        var x = Draw(Rows, geometry.Positions * Inputs);
        var missed = length - (((geometry.Positions - 1) * stride) + kernel - (2 * padding));

        using var noCollection = NoCollection.Begin();
        using var scope = NewDisposeScope();
        Compare(
            tape => layer.Forward(tape, x),
            leaves => nn.functional.conv_transpose1d(
                leaves[0].view(Rows, geometry.Positions, Inputs).transpose(1, 2),
                leaves[1].view(Inputs, kernel, channels).transpose(1, 2),
                leaves[2],
                stride,
                padding,
                output_padding: missed).transpose(1, 2).reshape(Rows, geometry.SequenceWidth),
            [x, layer.Weight, layer.Bias],
            []);
    }

    [TorchTheory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void AdamW_TwentySteps_IsThatOfTorch(double clipNorm)
    {
        const double Rate = 0.03, Decay = 0.1;
        var parameters = new ParameterSet(_device);
        var weight = parameters.Create("weight", new Shape(7, 5), ParameterRole.Weight, _random.FillNormal);
        var bias = parameters.Create("bias", new Shape(33), ParameterRole.Offset, _random.FillNormal);
        var optimizer = new AdamW(_device, parameters.All, Decay);

        using var noCollection = NoCollection.Begin();
        using var scope = NewDisposeScope();
        var (peerWeight, peerBias) = (nn.Parameter(Copy(weight)), nn.Parameter(Copy(bias)));
        using var withDecay = optim.AdamW([peerWeight], Rate, weight_decay: Decay);
        using var without = optim.AdamW([peerBias], Rate, weight_decay: 0);
        for (var step = 0; step < 20; step++)
        {
            // The gradient of sum(weight * a) + sum(bias * b) is a and b.
            var (a, b) = (Draw(7, 5), Reshape.Apply(null, Draw(1, 33), new Shape(33)));
            var tape = new Tape(_device);
            optimizer.Watch(tape);
            var sums = Arithmetic.Add(
                tape,
                Reduction.Sum(tape, Arithmetic.Multiply(tape, weight, a), 0, 1),
                Reduction.Sum(tape, Arithmetic.Multiply(tape, bias, b), 0, 0));
            tape.Backward(sums);
            optimizer.Step(tape, Rate, clipNorm);

            (peerWeight.grad, peerBias.grad) = (Copy(a), Copy(b));
            if (clipNorm > 0)
                nn.utils.clip_grad_norm_([peerWeight, peerBias], clipNorm);
            withDecay.step();
            without.step();
        }

        Assert.InRange(Difference.Largest(Single(peerWeight), weight.ToArray()), 0, 1e-5);
        Assert.InRange(Difference.Largest(Single(peerBias), bias.ToArray()), 0, 1e-5);
    }

    // Compares a result and the gradients of what it is made of: copies of our tensors, and parameters that torch holds itself.
    private void Compare(
        Func<Tape?, Models.Tensors.Tensor> ours,
        Func<torch.Tensor[], torch.Tensor> theirs,
        Models.Tensors.Tensor[] copied,
        (Models.Tensors.Tensor Ours, torch.Tensor Theirs)[] held)
    {
        var tape = new Tape(_device);
        var leaves = Array.ConvertAll(copied, tensor => Copy(tensor).requires_grad_(true));
        var pairs = copied.Zip(leaves).Concat(held.Select(pair => (pair.Ours, pair.Theirs))).ToArray();
        foreach (var (own, _) in pairs)
            tape.Watch(own);
        var found = ours(tape);
        tape.Backward(found, _device.Create(found.Shape, TorchAutograd.Seed(found.Count)));

        var expected = theirs(leaves);
        expected.flatten().dot(tensor(TorchAutograd.Seed(found.Count)).to(ScalarType.Float64)).backward();
        Assert.InRange(Difference.Largest(Single(expected), found.ToArray()), 0, 1e-5);
        foreach (var (own, leaf) in pairs)
            Assert.InRange(Difference.Largest(Single(leaf.grad!), tape.Gradient(own)!.ToArray()), 0, 5e-5);
    }

    private Models.Tensors.Tensor Draw(int rows, int columns) => Input.Uniform(_random, new Shape(rows, columns), 2).Create(_device);

    private void Move(params Models.Tensors.Tensor[] biases)
    {
        foreach (var bias in biases)
            _device.Upload(Input.Uniform(_random, bias.Shape).Values, bias);
    }

    private static torch.Tensor Copy(Models.Tensors.Tensor tensor) =>
        torch.tensor(tensor.ToArray(), [.. tensor.Shape.ToArray().Select(extent => (long)extent)]).to(ScalarType.Float64);

    private static float[] Single(torch.Tensor tensor) => [.. tensor.data<double>().ToArray().Select(value => (float)value)];

    private static void Take(torch.Tensor? parameter, Models.Tensors.Tensor values)
    {
        using var noGradient = no_grad();
        parameter!.copy_(Copy(values));
    }
}
