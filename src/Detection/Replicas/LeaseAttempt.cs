using System.Globalization;

namespace AEAnomaly.Detection.Replicas;

/// <summary>What came of asking for the turn to train.</summary>
/// <param name="IsHeld">Whether it is another process's turn.</param>
/// <param name="Lease">The turn; null where it is another's, or where nobody shares the models.</param>
/// <param name="Standing">What was found of the turn that is, or was the last; null for none, or where that cannot be read.</param>
internal sealed record LeaseAttempt(bool IsHeld, TrainingLease? Lease, LeaseRecord? Standing)
{
    /// <summary>Nobody shares the models.</summary>
    public static readonly LeaseAttempt Alone = new(false, null, null);

    /// <summary>Gets whose turn it is or was, for people.</summary>
    public string Owner => Standing?.Owner.ToString() ?? "whose lease cannot be read";

    /// <summary>Gets since when, for people.</summary>
    public string Since => Standing is { } lease ? lease.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "an unknown time";

    /// <summary>Gets what a process that waits says of the one that trains.</summary>
    public string Said => $"another process ({Owner}) trains {(Standing?.Purpose == "bootstrap" ? "the first version" : "a version")} since {Since}";
}
