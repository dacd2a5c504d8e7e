using System.Numerics;
using System.Runtime.InteropServices;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void RowErrors(FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errors)
    {
        var z = Span(output);
        var x = Span(target);
        var w = Span(weights);
        var e = Span(errors);
        var flags = SpanOrEmpty(present);
        e.Clear();
        for (var first = 0; first < layout.BlockCount;)
        {
            var block = layout.Blocks[first];
            var run = RunOfSingleFeatures(layout, first);
            for (var row = 0; row < e.Length; row++)
            {
                var start = (row * layout.Width) + block.Start;
                var outputs = z.Slice(start, run * block.Width);
                var targets = x.Slice(start, run * block.Width);
                var presence = flags.Length > 0 ? flags.Slice((row * layout.BlockCount) + first, run) : [];
                e[row] += (block.Kind, block.Width) switch
                {
                    (BlockKind.Real, 1) => WeightedErrors<SquaredErrorOperator>(outputs, targets, w.Slice(first, run), presence),
                    (BlockKind.Binary, 1) => WeightedErrors<BernoulliErrorOperator>(outputs, targets, w.Slice(first, run), presence),
                    (BlockKind.Real, _) => SquaredError(outputs, targets) * Factor(w[first], presence),
                    (BlockKind.Binary, _) => BernoulliError(outputs, targets) * Factor(w[first], presence),
                    _ => CategoricalError(outputs, targets) * Factor(w[first], presence),
                };
            }

            first += run;
        }
    }

    public override void RowErrorsBackward(
        FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errorsGradient, Tensor outputGradient, bool accumulate)
    {
        var z = Span(output);
        var x = Span(target);
        var w = Span(weights);
        var de = Span(errorsGradient);
        var dz = Span(outputGradient);
        var flags = SpanOrEmpty(present);
        if (!accumulate)
            dz.Clear();
        for (var first = 0; first < layout.BlockCount;)
        {
            var block = layout.Blocks[first];
            var run = RunOfSingleFeatures(layout, first);
            for (var row = 0; row < de.Length; row++)
            {
                var start = (row * layout.Width) + block.Start;
                var outputs = z.Slice(start, run * block.Width);
                var targets = x.Slice(start, run * block.Width);
                var gradient = dz.Slice(start, run * block.Width);
                var presence = flags.Length > 0 ? flags.Slice((row * layout.BlockCount) + first, run) : [];
                switch (block.Kind, block.Width)
                {
                    case (BlockKind.Real, 1): AddWeightedSlopes<SquaredErrorOperator>(outputs, targets, w.Slice(first, run), presence, de[row], gradient); break;
                    case (BlockKind.Binary, 1): AddWeightedSlopes<BernoulliErrorOperator>(outputs, targets, w.Slice(first, run), presence, de[row], gradient); break;
                    case (BlockKind.Real, _): AddSquaredGradient(outputs, targets, de[row] * Factor(w[first], presence), gradient); break;
                    case (BlockKind.Binary, _): AddBernoulliGradient(outputs, targets, de[row] * Factor(w[first], presence), gradient); break;
                    default: AddCategoricalGradient(outputs, targets, de[row] * Factor(w[first], presence), gradient); break;
                }
            }

            first += run;
        }
    }

    private static float Factor(float weight, ReadOnlySpan<float> presence) => presence.Length > 0 ? weight * presence[0] : weight;

    // Adjacent blocks of one feature and one kind are one stretch of vector work; 1 for any other block. A single category needs no softmax and costs nothing.
    private static int RunOfSingleFeatures(FeatureLayout layout, int first)
    {
        var blocks = layout.Blocks;
        var kind = blocks[first].Kind;
        if (blocks[first].Width > 1 || kind == BlockKind.Category)
            return 1;

        var count = 1;
        while (first + count < blocks.Length && blocks[first + count].Kind == kind && blocks[first + count].Width == 1)
            count++;
        return count;
    }

    private static float WeightedErrors<TOperator>(
        ReadOnlySpan<float> output, ReadOnlySpan<float> target, ReadOnlySpan<float> weights, ReadOnlySpan<float> presence)
        where TOperator : IErrorOperator
    {
        var z = MemoryMarshal.Cast<float, Vector<float>>(output);
        var x = MemoryMarshal.Cast<float, Vector<float>>(target);
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var m = MemoryMarshal.Cast<float, Vector<float>>(presence);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < z.Length; i++)
        {
            var factor = m.Length > 0 ? w[i] * m[i] : w[i];
            sum += TOperator.Error(z[i], x[i]) * factor;
        }

        var done = z.Length * Vector<float>.Count;
        if (done == output.Length)
            return Vector.Sum(sum);

        // What the last vector holds beside the remaining features has weight 0.
        var last = LastWeights(weights);
        if (presence.Length > 0)
            last *= LoadLast(presence);
        sum += TOperator.Error(LoadLast(output), LoadLast(target)) * last;
        return Vector.Sum(sum);
    }

    private static void AddWeightedSlopes<TOperator>(
        ReadOnlySpan<float> output, ReadOnlySpan<float> target, ReadOnlySpan<float> weights, ReadOnlySpan<float> presence, float scale, Span<float> gradient)
        where TOperator : IErrorOperator
    {
        var z = MemoryMarshal.Cast<float, Vector<float>>(output);
        var x = MemoryMarshal.Cast<float, Vector<float>>(target);
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var m = MemoryMarshal.Cast<float, Vector<float>>(presence);
        var dz = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < z.Length; i++)
        {
            var factor = (m.Length > 0 ? w[i] * m[i] : w[i]) * scale;
            dz[i] += TOperator.Slope(z[i], x[i]) * factor;
        }

        var done = z.Length * Vector<float>.Count;
        if (done == output.Length)
            return;

        var last = LastWeights(weights) * scale;
        if (presence.Length > 0)
            last *= LoadLast(presence);
        AddLast(TOperator.Slope(LoadLast(output), LoadLast(target)) * last, gradient);
    }

    // The last values, as many as a vector holds; zeros after them when there are fewer.
    private static Vector<float> LoadLast(ReadOnlySpan<float> values)
    {
        if (values.Length >= Vector<float>.Count)
            return new Vector<float>(values[^Vector<float>.Count..]);

        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Clear();
        values.CopyTo(padded);
        return new Vector<float>(padded);
    }

    // As LoadLast, with 0 where whole vectors from the start have been already.
    private static Vector<float> LastWeights(ReadOnlySpan<float> weights)
    {
        var values = LoadLast(weights);
        if (weights.Length < Vector<float>.Count)
            return values;

        var already = Vector<float>.Count - (weights.Length % Vector<float>.Count);
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(Vector<int>.Indices, new Vector<int>(already)), values, Vector<float>.Zero);
    }

    private static void AddLast(Vector<float> addend, Span<float> values)
    {
        var sum = LoadLast(values) + addend;
        if (values.Length >= Vector<float>.Count)
            sum.CopyTo(values[^Vector<float>.Count..]);
        else
            Store(sum, values);
    }
}
