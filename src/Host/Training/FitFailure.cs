namespace AEAnomaly.Host.Training;

/// <summary>Says why a training process gave nothing.</summary>
/// <param name="Kind">What kind of failure it is.</param>
/// <param name="Message">The reason, for users.</param>
internal sealed record FitFailure(FitFailureKind Kind, string Message);
