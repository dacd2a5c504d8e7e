namespace AEAnomaly.Bench.Quality;

/// <summary>Holds one line of a table: a method and what it reached on each set.</summary>
/// <param name="Name">Name shown.</param>
/// <param name="Origin">Who measured it.</param>
/// <param name="Sets">Figures by set.</param>
internal sealed record Method(string Name, MethodOrigin Origin, IReadOnlyDictionary<string, Figures> Sets)
{
    /// <summary>Averages a figure over sets; null where one of them lacks it, because a mean over fewer sets cannot be compared.</summary>
    public double? Mean(IReadOnlyList<string> sets, Func<Figures, double?> figure)
    {
        var sum = 0.0;
        foreach (var set in sets)
        {
            if (!Sets.TryGetValue(set, out var figures) || figure(figures) is not { } value)
                return null;
            sum += value;
        }

        return sum / sets.Count;
    }
}

/// <summary>Says who measured a method.</summary>
internal enum MethodOrigin
{
    /// <summary>A variant of this product.</summary>
    Ours,

    /// <summary>An independent implementation, run on these sets.</summary>
    Peer,

    /// <summary>Read from a paper.</summary>
    Published,
}
