namespace AEAnomaly.Host.Configuration;

/// <summary>Finds what a user probably meant.</summary>
internal static class ClosestName
{
    /// <summary>Finds the known name nearest to a word.</summary>
    /// <param name="word">Word as written.</param>
    /// <param name="known">Names that would be right.</param>
    /// <returns>The nearest name, or null when none is near (more than a third of its letters differ).</returns>
    public static string? Find(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in known)
        {
            var distance = Distance(Normalise(word), Normalise(name));
            if (distance < bestDistance)
                (best, bestDistance) = (name, distance);
        }

        return best is not null && bestDistance <= Math.Max(1, best.Length / 3) ? best : null;
    }

    private static string Normalise(string name) => name.ToLowerInvariant().Replace('-', '_');

    // Optimal string alignment (Damerau 1964): two letters swapped count once, the commonest slip of all.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
