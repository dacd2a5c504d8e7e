using AEAnomaly.Models.Randomness;
using AEAnomaly.Torch;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Asks torch for gradients of what was computed on libtorch's device without our tape: no backward code of ours takes part.</summary>
internal static class TorchAutograd
{
    /// <summary>Computes a result and the gradients of sum(seed * result).</summary>
    /// <param name="leaves">Tensors on libtorch's device whose gradients are wanted.</param>
    /// <param name="compute">Computes the result from them.</param>
    /// <param name="seed">Weight of each element of the result.</param>
    public static (float[] Values, float[][] Gradients) Run(IReadOnlyList<Tensor> leaves, Func<Tensor> compute, Func<int, float[]> seed)
    {
        var tensors = leaves.Select(leaf => ((TorchMemory)leaf.Memory).Value!).ToArray();
        foreach (var tensor in tensors)
            tensor.requires_grad_(true);

        var result = compute();
        using var flat = ((TorchMemory)result.Memory).Value!.reshape(result.Count);
        using var weights = torch.tensor(seed(result.Count));
        using var sum = flat.dot(weights);
        sum.backward();
        using var values = flat.detach();
        return (values.data<float>().ToArray(), Array.ConvertAll(tensors, Take));
    }

    /// <summary>Draws the weights that both sides take.</summary>
    public static float[] Seed(int count)
    {
        var values = new float[count];
        new SeededRandom(9).FillNormal(values);
        return values;
    }

    // A tensor that nothing was made of has no gradient: zero.
    private static float[] Take(torch.Tensor leaf)
    {
        using var gradient = leaf.grad;
        leaf.requires_grad_(false);
        if (gradient is null)
            return new float[leaf.numel()];

        var values = gradient.data<float>().ToArray();
        leaf.grad = null;
        return values;
    }
}
