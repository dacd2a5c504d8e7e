namespace AEAnomaly.Models.Features;

/// <summary>Splits the blocks of a row into two groups, which need not lie together.</summary>
internal sealed class FieldGroups
{
    /// <summary>Splits a layout.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="firstBlocks">Indices of the blocks of the first group, each once; the others are the second.</param>
    /// <exception cref="ArgumentException">A group is empty, or an index is out of range or given twice.</exception>
    public FieldGroups(FeatureLayout layout, IEnumerable<int> firstBlocks)
    {
        ArgumentNullException.ThrowIfNull(firstBlocks);
        var isFirst = new bool[layout.BlockCount];
        foreach (var block in firstBlocks)
        {
            if (block < 0 || block >= isFirst.Length || isFirst[block])
                throw new ArgumentException($"Block {block} is given twice or is none of {isFirst.Length} blocks.", nameof(firstBlocks));
            isFirst[block] = true;
        }

        if (!isFirst.Contains(true) || !isFirst.Contains(false))
            throw new ArgumentException($"Both groups need at least one of {isFirst.Length} blocks; the first has {isFirst.Count(first => first)}.", nameof(firstBlocks));

        First = Features(layout, isFirst, true);
        Second = Features(layout, isFirst, false);
        Runs = FindRuns(layout, isFirst);
    }

    /// <summary>Gets the stretches of adjacent features of one group, in the order of the row.</summary>
    public IReadOnlyList<FeatureRun> Runs { get; }

    /// <summary>Gets the features of the first group, ascending.</summary>
    public int[] First { get; }

    /// <summary>Gets the features of the second group, ascending.</summary>
    public int[] Second { get; }

    private static List<FeatureRun> FindRuns(FeatureLayout layout, bool[] isFirst)
    {
        var runs = new List<FeatureRun>();
        var (first, second) = (0, 0);
        for (var b = 0; b < layout.BlockCount; b++)
        {
            var width = layout.Blocks[b].Width;
            if (runs.Count > 0 && runs[^1].IsFirst == isFirst[b])
                runs[^1] = runs[^1] with { Width = runs[^1].Width + width };
            else
                runs.Add(new FeatureRun(isFirst[b], layout.Blocks[b].Start, isFirst[b] ? first : second, width));
            first += isFirst[b] ? width : 0;
            second += isFirst[b] ? 0 : width;
        }

        return runs;
    }

    private static int[] Features(FeatureLayout layout, bool[] isFirst, bool wanted)
    {
        var features = new List<int>();
        for (var b = 0; b < layout.BlockCount; b++)
        {
            if (isFirst[b] == wanted)
                features.AddRange(Enumerable.Range(layout.Blocks[b].Start, layout.Blocks[b].Width));
        }

        return [.. features];
    }
}
