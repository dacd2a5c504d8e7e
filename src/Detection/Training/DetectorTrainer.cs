using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Training;

/// <summary>Trains everything a detector scores with: encoder, network and threshold. Used by the daemon, and by the commands on files.</summary>
public static class DetectorTrainer
{
    /// <summary>Trains on a window of mostly normal records.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="options">Options of the detector (variant, fit, threshold).</param>
    /// <param name="window">Training records.</param>
    /// <param name="time">Clock.</param>
    /// <param name="progress">Receives progress, or null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The window is too small or carries no information.</exception>
    /// <exception cref="TrainingFailedException">The fit failed.</exception>
    public static TrainedDetector Train(
        FeatureSpec spec,
        DetectorOptions options,
        RecordBatch window,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
