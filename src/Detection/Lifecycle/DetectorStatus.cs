namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Tells where a detector stands.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Reason">One sentence: "waiting for 2,000 records, 1,312 so far".</param>
/// <param name="Progress">Part done of the current wait or training, 0 to 1; null when unknown.</param>
/// <param name="Remaining">Estimated time until it scores, null when unknown or scoring.</param>
/// <param name="ModelVersion">Version that scores, or null.</param>
/// <param name="Retraining">True while a training runs in the background.</param>
/// <param name="TrainedOn">Device that trained the version that scores (native, torch or cuda), or null.</param>
public sealed record DetectorStatus(
    DetectorState State,
    string Reason,
    double? Progress,
    TimeSpan? Remaining,
    string? ModelVersion,
    bool Retraining,
    string? TrainedOn = null);
