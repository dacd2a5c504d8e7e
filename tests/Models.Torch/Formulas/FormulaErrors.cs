using AEAnomaly.Models.Features;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace AEAnomaly.Models.Torch.Tests.Formulas;

/// <summary>Measures reconstructions by torch's own losses, block by block.</summary>
internal static class FormulaErrors
{
    /// <summary>Computes squared error, binary cross-entropy or cross-entropy of each block, 0 where it is missing, <c>[rows, blocks]</c>.</summary>
    public static torch.Tensor OfBlocks(IEnumerable<FeatureBlock> blocks, torch.Tensor z, torch.Tensor x, torch.Tensor? present)
    {
        var errors = torch.stack(
            [.. blocks.Select(block =>
            {
                var (output, target) = (z.narrow(1, block.Start, block.Width), x.narrow(1, block.Start, block.Width));
                return block.Kind switch
                {
                    BlockKind.Real => functional.mse_loss(output, target, Reduction.None).sum(1L),
                    BlockKind.Binary => functional.binary_cross_entropy_with_logits(output, target, reduction: Reduction.None).sum(1L),
                    _ => -(target * functional.log_softmax(output, 1)).sum(1L),
                };
            })],
            1);
        return present is null ? errors : errors * present;
    }

    /// <summary>Computes -log N(x; mean, deviation²) of each row, over features that are present.</summary>
    public static torch.Tensor NegativeLogDensity(torch.Tensor x, torch.Tensor mean, torch.Tensor deviation, torch.Tensor? present = null)
    {
        var each = -torch.distributions.Normal(mean, deviation).log_prob(x);
        return (present is null ? each : each * present).sum(1L);
    }

    /// <summary>Computes KL(N(m, s²) || N(p, t²)) of each row.</summary>
    public static torch.Tensor Divergence(torch.Tensor m, torch.Tensor s, torch.Tensor p, torch.Tensor t) =>
        ((t / s).log() + ((s.pow(2) + (m - p).pow(2)) / (2 * t.pow(2))) - 0.5).sum(1L);
}
