using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Separates the real features of a row, which have one joint density, from the binary and category blocks.</summary>
internal sealed class LayoutParts
{
    private readonly FeatureLayout _layout;
    private readonly Run[] _realRuns;
    private readonly Run[] _discreteRuns;
    private readonly Run[] _flagRuns;

    public LayoutParts(FeatureLayout layout)
    {
        _layout = layout;
        var (real, discrete) = (new List<int>(), new List<FeatureBlock>());
        var discreteBlocks = new List<int>();
        for (var b = 0; b < layout.BlockCount; b++)
        {
            var block = layout.Blocks[b];
            if (block.Kind == BlockKind.Real)
            {
                real.AddRange(Enumerable.Range(block.Start, block.Width));
                continue;
            }

            discrete.Add(block with { Start = DiscreteWidth });
            discreteBlocks.Add(b);
            DiscreteWidth += block.Width;
        }

        RealFeatures = [.. real];
        DiscreteBlocks = [.. discreteBlocks];
        Discrete = discrete.Count > 0 ? new FeatureLayout(discrete) : null;
        _realRuns = Runs(real);
        _discreteRuns = Runs(discreteBlocks.SelectMany(b => Enumerable.Range(layout.Blocks[b].Start, layout.Blocks[b].Width)));
        _flagRuns = Runs(Enumerable.Range(0, layout.BlockCount)
            .Where(b => layout.Blocks[b].Kind == BlockKind.Real).SelectMany(b => Enumerable.Repeat(b, layout.Blocks[b].Width)));
    }

    /// <summary>Gets the number of real features.</summary>
    public int RealWidth => RealFeatures.Length;

    /// <summary>Gets the number of the other features.</summary>
    public int DiscreteWidth { get; }

    /// <summary>Gets the index in a row of each real feature.</summary>
    public int[] RealFeatures { get; }

    /// <summary>Gets the index in the layout of each binary or category block.</summary>
    public int[] DiscreteBlocks { get; }

    /// <summary>Gets what the columns of a decoder stand for that gives a mean and a log-deviation of each real feature, and logits of the others.</summary>
    public FeatureSlot[] DecodedSlots =>
    [
        .. FeatureSlot.Values(RealFeatures),
        .. FeatureSlot.Values(RealFeatures, role: 1),
        .. FeatureSlot.Values(DiscreteBlocks.SelectMany(block => Enumerable.Range(_layout.Blocks[block].Start, _layout.Blocks[block].Width))),
    ];

    /// <summary>Gets the layout of the binary and category features alone, or null when there is none.</summary>
    public FeatureLayout? Discrete { get; }

    /// <summary>Copies the real features: <c>[rows, RealWidth]</c>.</summary>
    public Tensor TakeReal(Tensor values) => Take(values, _realRuns, RealWidth);

    /// <summary>Copies the other features: <c>[rows, DiscreteWidth]</c>.</summary>
    public Tensor TakeDiscrete(Tensor values) => Take(values, _discreteRuns, DiscreteWidth);

    /// <summary>Repeats the flag of each real block for its features: <c>[rows, RealWidth]</c>.</summary>
    /// <param name="flags">Flags, <c>[rows, blocks]</c>.</param>
    public Tensor SpreadReal(Tensor flags) => Take(flags, _flagRuns, RealWidth);

    /// <summary>Copies the flags of the binary and category blocks: <c>[rows, blocks of Discrete]</c>.</summary>
    /// <param name="flags">Flags, <c>[rows, blocks]</c>.</param>
    public Tensor TakeDiscreteFlags(Tensor flags)
    {
        var result = flags.Device.Create(new Shape(flags.Shape[0], DiscreteBlocks.Length));
        for (var i = 0; i < DiscreteBlocks.Length; i++)
            flags.Device.CopyColumns(flags, DiscreteBlocks[i], result, i, 1, accumulate: false);
        return result;
    }

    /// <summary>Sums the cross-entropies of the binary and category blocks that are present, nats, <c>[rows]</c>.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="logits">Logits of <see cref="Discrete"/>, <c>[rows, DiscreteWidth]</c>.</param>
    /// <param name="batch">Rows to be met.</param>
    public Tensor CrossEntropies(Tape? tape, Tensor logits, Batch batch)
    {
        var errors = BlockErrors.Apply(tape, Discrete!, logits, TakeDiscrete(batch.Values));
        if (batch.Present is { } present)
            errors = Arithmetic.Multiply(tape, errors, TakeDiscreteFlags(present));
        return Reduction.Sum(tape, errors, 1, 1);
    }

    /// <summary>Puts real features back in their places in rows.</summary>
    /// <param name="values">Real features, <c>[rows, RealWidth]</c>.</param>
    /// <param name="rows">Receives them, <c>[rows, features]</c>.</param>
    public void PutReal(ReadOnlySpan<float> values, Span<float> rows)
    {
        for (var i = 0; i < values.Length; i++)
            rows[(i / RealWidth * _layout.Width) + RealFeatures[i % RealWidth]] = values[i];
    }

    /// <summary>Puts the other features back in their places in rows.</summary>
    /// <param name="values">Binary and category features, <c>[rows, DiscreteWidth]</c>.</param>
    /// <param name="rows">Receives them, <c>[rows, features]</c>.</param>
    public void PutDiscrete(ReadOnlySpan<float> values, Span<float> rows)
    {
        for (var row = 0; row < values.Length / DiscreteWidth; row++)
        {
            for (var i = 0; i < DiscreteBlocks.Length; i++)
            {
                var source = Discrete!.Blocks[i];
                values.Slice((row * DiscreteWidth) + source.Start, source.Width).CopyTo(rows[((row * _layout.Width) + _layout.Blocks[DiscreteBlocks[i]].Start)..]);
            }
        }
    }

    // Fields of one kind mostly stand side by side: one copy a row serves them all.
    private static Run[] Runs(IEnumerable<int> columns)
    {
        var runs = new List<Run>();
        foreach (var column in columns)
        {
            if (runs.Count > 0 && runs[^1].Start + runs[^1].Width == column)
                runs[^1] = runs[^1] with { Width = runs[^1].Width + 1 };
            else
                runs.Add(new Run(column, 1));
        }

        return [.. runs];
    }

    private static Tensor Take(Tensor values, Run[] runs, int width)
    {
        var result = values.Device.Create(new Shape(values.Shape[0], width));
        var next = 0;
        foreach (var run in runs)
        {
            values.Device.CopyColumns(values, run.Start, result, next, run.Width, accumulate: false);
            next += run.Width;
        }

        return result;
    }

    private readonly record struct Run(int Start, int Width);
}
