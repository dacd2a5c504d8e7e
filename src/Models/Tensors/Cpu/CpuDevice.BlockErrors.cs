using System.Numerics;
using System.Runtime.InteropServices;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void BlockErrors(FeatureLayout layout, Tensor output, Tensor target, Tensor errors)
    {
        var z = Span(output);
        var x = Span(target);
        var e = Span(errors);
        var (rows, width, blocks) = (output.Shape[0], layout.Width, layout.BlockCount);
        for (var first = 0; first < blocks;)
        {
            var count = RunOfRealFeatures(layout, first);
            var block = layout.Blocks[first];
            for (var row = 0; row < rows; row++)
            {
                var start = (row * width) + block.Start;
                if (count > 0)
                {
                    SquaredDifferences(z.Slice(start, count), x.Slice(start, count), e.Slice((row * blocks) + first, count));
                    continue;
                }

                var logits = z.Slice(start, block.Width);
                var values = x.Slice(start, block.Width);
                e[(row * blocks) + first] = block.Kind switch
                {
                    BlockKind.Real => SquaredError(logits, values),
                    BlockKind.Binary => BernoulliError(logits, values),
                    _ => CategoricalError(logits, values),
                };
            }

            first += Math.Max(1, count);
        }
    }

    public override void BlockErrorsBackward(FeatureLayout layout, Tensor output, Tensor target, Tensor errorsGradient, Tensor outputGradient)
    {
        var z = Span(output);
        var x = Span(target);
        var de = Span(errorsGradient);
        var dz = Span(outputGradient);
        var (rows, width, blocks) = (output.Shape[0], layout.Width, layout.BlockCount);
        for (var first = 0; first < blocks;)
        {
            var count = RunOfRealFeatures(layout, first);
            var block = layout.Blocks[first];
            for (var row = 0; row < rows; row++)
            {
                var start = (row * width) + block.Start;
                if (count > 0)
                {
                    AddDifferences(z.Slice(start, count), x.Slice(start, count), de.Slice((row * blocks) + first, count), dz.Slice(start, count));
                    continue;
                }

                var logits = z.Slice(start, block.Width);
                var values = x.Slice(start, block.Width);
                var gradient = dz.Slice(start, block.Width);
                var factor = de[(row * blocks) + first];
                switch (block.Kind)
                {
                    case BlockKind.Real: AddSquaredGradient(logits, values, factor, gradient); break;
                    case BlockKind.Binary: AddBernoulliGradient(logits, values, factor, gradient); break;
                    default: AddCategoricalGradient(logits, values, factor, gradient); break;
                }
            }

            first += Math.Max(1, count);
        }
    }

    // Adjacent real blocks of width 1 are one stretch of vector work; 0 when the block at hand is not such a one.
    private static int RunOfRealFeatures(FeatureLayout layout, int first)
    {
        var blocks = layout.Blocks;
        var count = 0;
        while (first + count < blocks.Length && blocks[first + count] is { Kind: BlockKind.Real, Width: 1 })
            count++;
        return count;
    }

    private static void SquaredDifferences(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> errors)
    {
        var z = MemoryMarshal.Cast<float, Vector<float>>(output);
        var x = MemoryMarshal.Cast<float, Vector<float>>(target);
        var e = MemoryMarshal.Cast<float, Vector<float>>(errors);
        for (var i = 0; i < z.Length; i++)
        {
            var difference = z[i] - x[i];
            e[i] = difference * difference;
        }

        for (var i = z.Length * Vector<float>.Count; i < output.Length; i++)
            errors[i] = (output[i] - target[i]) * (output[i] - target[i]);
    }

    private static void AddDifferences(ReadOnlySpan<float> output, ReadOnlySpan<float> target, ReadOnlySpan<float> factors, Span<float> gradient)
    {
        var z = MemoryMarshal.Cast<float, Vector<float>>(output);
        var x = MemoryMarshal.Cast<float, Vector<float>>(target);
        var de = MemoryMarshal.Cast<float, Vector<float>>(factors);
        var dz = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < z.Length; i++)
            dz[i] += (z[i] - x[i]) * de[i] * 2f;
        for (var i = z.Length * Vector<float>.Count; i < output.Length; i++)
            gradient[i] += (output[i] - target[i]) * factors[i] * 2f;
    }

    private static float SquaredError(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        var sum = 0f;
        for (var i = 0; i < output.Length; i++)
            sum += (output[i] - target[i]) * (output[i] - target[i]);
        return sum;
    }

    private static void AddSquaredGradient(ReadOnlySpan<float> output, ReadOnlySpan<float> target, float factor, Span<float> gradient)
    {
        for (var i = 0; i < output.Length; i++)
            gradient[i] += 2f * factor * (output[i] - target[i]);
    }

    private static float BernoulliError(ReadOnlySpan<float> logits, ReadOnlySpan<float> target)
    {
        var sum = 0f;
        for (var i = 0; i < logits.Length; i++)
            sum += MathF.Max(logits[i], 0) - (target[i] * logits[i]) + MathF.Log(1 + MathF.Exp(-MathF.Abs(logits[i])));
        return sum;
    }

    private static void AddBernoulliGradient(ReadOnlySpan<float> logits, ReadOnlySpan<float> target, float factor, Span<float> gradient)
    {
        for (var i = 0; i < logits.Length; i++)
            gradient[i] += factor * ((1 / (1 + MathF.Exp(-logits[i]))) - target[i]);
    }

    private static float CategoricalError(ReadOnlySpan<float> logits, ReadOnlySpan<float> target) =>
        (LogSumExp(logits) * Sum(target)) - Dot(logits, target);

    private static void AddCategoricalGradient(ReadOnlySpan<float> logits, ReadOnlySpan<float> target, float factor, Span<float> gradient)
    {
        var normaliser = LogSumExp(logits);
        var mass = Sum(target);
        var z = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var x = MemoryMarshal.Cast<float, Vector<float>>(target);
        var dz = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < z.Length; i++)
            dz[i] += ((Vector.Exp(z[i] - new Vector<float>(normaliser)) * mass) - x[i]) * factor;
        for (var i = z.Length * Vector<float>.Count; i < logits.Length; i++)
            gradient[i] += factor * ((mass * MathF.Exp(logits[i] - normaliser)) - target[i]);
    }

    // Everything is taken relative to the largest logit, so that no exponential overflows.
    private static float LogSumExp(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits)
            largest = MathF.Max(largest, logit);

        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var lanes = Vector<float>.Zero;
        foreach (var vector in vectors)
            lanes += Vector.Exp(vector - new Vector<float>(largest));

        var sum = Vector.Sum(lanes);
        foreach (var logit in logits[(vectors.Length * Vector<float>.Count)..])
            sum += MathF.Exp(logit - largest);
        return largest + MathF.Log(sum);
    }
}
