using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Training;

/// <summary>Fits networks, in this process or elsewhere.</summary>
public interface IModelFitter
{
    /// <summary>Fits a network that may begin from the weights of another one.</summary>
    /// <param name="rows">Encoded rows, mostly normal.</param>
    /// <param name="variant">Options of the variant.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="context">Clock, progress, network to begin from, threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The set has too few rows, a value is not finite, or an option is out of range.</exception>
    /// <exception cref="TrainingFailedException">The loss stopped being finite.</exception>
    /// <exception cref="TrainingDeviceException">The device cannot be used, or failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    TrainedModel Fit(TrainingSet rows, VariantOptions variant, TrainingOptions options, FitContext context, CancellationToken cancellationToken);
}
