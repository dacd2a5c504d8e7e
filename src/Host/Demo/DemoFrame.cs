namespace AEAnomaly.Host.Demo;

/// <summary>Holds what the view shows at one moment.</summary>
/// <param name="Elapsed">Time since the stream began.</param>
/// <param name="Duration">Wished duration, or null when it runs until interrupted.</param>
/// <param name="State">warming, training, scoring or failed.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Progress">Part done, 0 to 1, or null.</param>
/// <param name="Produced">Messages produced.</param>
/// <param name="Scored">Records scored.</param>
/// <param name="RecordsPerSecond">Records scored in the last second.</param>
/// <param name="Alerts">Alerts read back.</param>
/// <param name="DeadLetters">Dead letters.</param>
/// <param name="Address">Where the page is; /metrics is below it.</param>
internal sealed record DemoFrame(
    TimeSpan Elapsed,
    TimeSpan? Duration,
    string State,
    string Reason,
    double? Progress,
    long Produced,
    long Scored,
    double RecordsPerSecond,
    long Alerts,
    long DeadLetters,
    string Address)
{
    /// <summary>Gets the reason, after the state where it does not begin with it.</summary>
    public string StateText => Reason.StartsWith(State, StringComparison.Ordinal) ? Reason : $"{State}: {Reason}";
}
