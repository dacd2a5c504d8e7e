using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Passes progress on at once, on the training thread, with the time that remains at most.</summary>
internal sealed class TrainingObserver(TimeProvider time, Action<TrainingProgress, TimeSpan?> report) : IProgress<TrainingProgress>
{
    private readonly long _started = time.GetTimestamp();

    public void Report(TrainingProgress value)
    {
        var elapsed = time.GetElapsedTime(_started);
        report(value, value.Step > 0 ? elapsed * ((double)(value.MaxSteps - value.Step) / value.Step) : null);
    }
}
