namespace AEAnomaly.Models.Losses;

/// <summary>Turns a negative log-likelihood, which may have either sign, into a score above 0.</summary>
/// <remarks>
/// d = nats above the likely normal row; score = (d + sqrt(d² + 4)) / 2. It grows strictly with d, approaches d from above where a row is unlikely and falls
/// off like 1 / |d| where it is likelier than the reference, so the order of the rows is that of their likelihoods, thresholds are positive, and
/// score / threshold compares nats of excess. The reference is the 5 % quantile of held-out rows: nearly every row lies on the straight part,
/// and a few odd held-out rows do not move it.
/// </remarks>
internal static class Surprise
{
    private const double ReferenceQuantile = 0.05;

    /// <summary>Finds the reference among the negative log-likelihoods of normal rows.</summary>
    /// <param name="energies">Nats; at least one.</param>
    public static float Reference(ReadOnlySpan<float> energies)
    {
        var ascending = energies.ToArray();
        Array.Sort(ascending);
        return ascending[(int)(ReferenceQuantile * (ascending.Length - 1))];
    }

    /// <summary>Computes the score.</summary>
    /// <param name="energy">Negative log-likelihood, nats; what is not finite is beyond all scores.</param>
    /// <param name="reference">From <see cref="Reference"/>.</param>
    public static float Of(double energy, double reference)
    {
        var difference = energy - reference;
        var root = Math.Sqrt((difference * difference) + 4);
        var score = difference >= 0 ? (difference + root) / 2 : 2 / (root - difference);
        return score < float.MaxValue ? (float)score : float.MaxValue;
    }
}
