using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Fits networks.</summary>
public static class ModelTrainer
{
    /// <summary>Fits a network of one variant to normal rows; the same arguments give the same weights.</summary>
    /// <param name="set">Encoded rows, mostly normal.</param>
    /// <param name="variant">Options of the variant, which also choose it.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="time">Clock for the report.</param>
    /// <param name="progress">Receives progress now and then, or null.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <exception cref="ArgumentException">The set has too few rows to hold some out, or an option is out of range.</exception>
    /// <exception cref="TrainingFailedException">The loss stopped being finite.</exception>
    public static TrainedModel Train(
        TrainingSet set,
        VariantOptions variant,
        TrainingOptions options,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
