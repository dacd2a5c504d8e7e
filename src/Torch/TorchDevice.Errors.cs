using System.Runtime.CompilerServices;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Errors of reconstructions; see <see cref="Models.Autograd.BlockErrors"/> and <see cref="Models.Autograd.RowErrors"/> for the formulas.</content>
internal sealed partial class TorchDevice
{
    private static readonly Scalar MinusInfinity = float.NegativeInfinity.ToScalar();

    private readonly ConditionalWeakTable<FeatureLayout, BlockPlan> _plans = [];

    public override void BlockErrors(FeatureLayout layout, Tensor output, Tensor target, Tensor errors)
    {
        using var z = Read(output);
        using var x = Read(target);
        Set(errors, BlockErrors(BlocksOf(layout), z.Value, x.Value));
    }

    public override void BlockErrorsBackward(FeatureLayout layout, Tensor output, Tensor target, Tensor errorsGradient, Tensor outputGradient)
    {
        using var z = Read(output);
        using var x = Read(target);
        using var de = Read(errorsGradient);
        AddOrSet(outputGradient, Slopes(BlocksOf(layout), z.Value, x.Value, de.Value), accumulate: true);
    }

    public override void RowErrors(FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errors)
    {
        using var z = Read(output);
        using var x = Read(target);
        using var w = Read(weights, new Shape(layout.BlockCount));
        using var e = BlockErrors(BlocksOf(layout), z.Value, x.Value);
        if (present is not null)
        {
            using var m = Read(present);
            e.mul_(m.Value);
        }

        Set(errors, e.mv(w.Value));
    }

    public override void RowErrorsBackward(
        FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errorsGradient, Tensor outputGradient, bool accumulate)
    {
        using var z = Read(output);
        using var x = Read(target);
        using var w = Read(weights, new Shape(1, layout.BlockCount));
        using var ofRows = Read(errorsGradient, new Shape(errorsGradient.Count, 1));
        using var de = ofRows.Value.mul(w.Value);
        if (present is not null)
        {
            using var m = Read(present);
            de.mul_(m.Value);
        }

        AddOrSet(outputGradient, Slopes(BlocksOf(layout), z.Value, x.Value, de), accumulate);
    }

    private BlockPlan BlocksOf(FeatureLayout layout) => _plans.GetValue(layout, key => new BlockPlan(key, _device));

    /// <summary>Computes the error of each block, <c>[rows, blocks]</c>.</summary>
    private torch.Tensor BlockErrors(BlockPlan plan, torch.Tensor z, torch.Tensor x)
    {
        if (plan.IsPlain)
        {
            using var difference = z.sub(x);
            return difference.mul(difference);
        }

        var errors = torch.zeros(z.shape[0], plan.BlockCount, device: _device);
        if (plan.Real is not null)
        {
            using var output = z.index_select(1, plan.Real);
            using var target = x.index_select(1, plan.Real);
            output.sub_(target);
            using var squares = output.mul(output);
            errors.index_add_(1, plan.RealOwners!, squares, One);
        }

        if (plan.Binary is not null)
        {
            using var output = z.index_select(1, plan.Binary);
            using var target = x.index_select(1, plan.Binary);
            using var error = Softplus(output);
            error.addcmul_(output, target, MinusOne);
            errors.index_add_(1, plan.BinaryOwners!, error, One);
        }

        if (plan.Categories is null)
            return errors;

        // -sum x log softmax(z) = log sum exp(z) sum x - sum x z, over the features of a block.
        using var logits = Padded(plan, z, MinusInfinity);
        using var targets = Padded(plan, x, Zero);
        using var normalisers = logits.logsumexp(2);
        using var masses = targets.sum(2L);
        using var weighted = normalisers.mul(masses);
        using var padding = logits.isneginf();
        using var finite = logits.masked_fill(padding, Zero);
        finite.mul_(targets);
        using var products = finite.sum(2L);
        weighted.sub_(products);
        errors.index_add_(1, plan.Categories, weighted, One);
        return errors;
    }

    /// <summary>Computes the gradient of the output, <c>[rows, features]</c>, from that of each block's error.</summary>
    private torch.Tensor Slopes(BlockPlan plan, torch.Tensor z, torch.Tensor x, torch.Tensor de)
    {
        if (plan.IsPlain)
            return z.sub(x).mul_(de).mul_(Two);

        var slopes = torch.zeros(z.shape[0], plan.Width, device: _device);
        if (plan.Real is not null)
        {
            using var output = z.index_select(1, plan.Real);
            using var target = x.index_select(1, plan.Real);
            output.sub_(target).mul_(Two);
            slopes.index_copy_(1, plan.Real, output);
        }

        if (plan.Binary is not null)
        {
            using var output = z.index_select(1, plan.Binary);
            using var target = x.index_select(1, plan.Binary);
            output.sigmoid_().sub_(target);
            slopes.index_copy_(1, plan.Binary, output);
        }

        if (plan.CategoryColumns is not null)
        {
            // softmax(z) sum x - x.
            using var logits = Padded(plan, z, MinusInfinity);
            using var targets = Padded(plan, x, Zero);
            using var normalisers = logits.logsumexp(2, keepdim: true);
            using var masses = targets.sum(2L, keepdim: true);
            logits.sub_(normalisers).exp_().mul_(masses).sub_(targets);
            using var flat = logits.view(z.shape[0], plan.CategoryCount * plan.CategoryWidth);
            using var kept = flat.index_select(1, plan.PlacesInPadded!);
            slopes.index_copy_(1, plan.CategoryColumns, kept);
        }

        using var factors = de.index_select(1, plan.Owners);
        return slopes.mul_(factors);
    }

    // [rows, category blocks, widest block], with the same value wherever a block is narrower.
    private torch.Tensor Padded(BlockPlan plan, torch.Tensor values, Scalar padding)
    {
        var rows = values.shape[0];
        using var column = torch.empty(rows, 1, device: _device);
        column.fill_(padding);
        using var wider = torch.cat([values, column], 1);
        using var chosen = wider.index_select(1, plan.PaddedColumns!);
        return chosen.view(rows, plan.CategoryCount, plan.CategoryWidth);
    }
}
