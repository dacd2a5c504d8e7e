namespace AEAnomaly.Models.Scores;

/// <summary>Combines surprises (-ln of tail probabilities) of several members so that no single one decides.</summary>
/// <remarks>
/// The mean, in which the greatest surprise t counts as m + ln(1 + t - m) with m the second greatest. A plain sum, or Fisher's method, is right for independent tests
/// that are all sound, but a single member that breaks on some rows decides it; a median is deaf to what only one member sees. Here agreement counts in full, and what one
/// member alone claims counts by its logarithm: 300 nats no more than 6. The mix grows with each member's surprise, so none of them is switched off.
/// </remarks>
internal static class SurpriseMix
{
    /// <summary>Combines the surprises of each row in place.</summary>
    /// <param name="surprises">By member: the first rows' of one member, then those of the next, <c>[members, stride]</c>.</param>
    /// <param name="stride">Distance from one member to the next.</param>
    /// <param name="mixed">Receives one number a row, at least 0.</param>
    public static void Combine(ReadOnlySpan<float> surprises, int stride, Span<float> mixed)
    {
        for (var row = 0; row < mixed.Length; row++)
        {
            var (sum, greatest, second) = (0.0, 0f, 0f);
            var members = 0;
            for (var i = row; i < surprises.Length; i += stride)
            {
                var surprise = surprises[i];
                sum += surprise;
                members++;
                if (surprise > greatest)
                    (greatest, second) = (surprise, greatest);
                else if (surprise > second)
                    second = surprise;
            }

            mixed[row] = (float)(members == 1 ? sum : (sum - greatest + Bound(greatest, second)) / members);
        }
    }

    /// <summary>Computes how much of a row's mix comes from each member; the parts sum to the mix times the number of members.</summary>
    /// <param name="surprises">Surprise of each member.</param>
    /// <param name="parts">Receives the parts; same length.</param>
    public static void Divide(ReadOnlySpan<float> surprises, Span<float> parts)
    {
        surprises.CopyTo(parts);
        if (parts.Length == 1)
            return;

        var top = 0;
        for (var i = 1; i < parts.Length; i++)
            top = parts[i] > parts[top] ? i : top;
        var second = 0f;
        for (var i = 0; i < parts.Length; i++)
            second = i == top ? second : Math.Max(second, parts[i]);
        parts[top] = Bound(parts[top], second);
    }

    private static float Bound(float greatest, float second) => second + MathF.Log(1 + (greatest - second));
}
