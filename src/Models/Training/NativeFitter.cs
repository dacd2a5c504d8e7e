using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Training;

/// <summary>Fits networks with the engine of this assembly, on the calling thread.</summary>
public sealed class NativeFitter : IModelFitter
{
    /// <summary>Gets the one there is: it holds nothing.</summary>
    public static NativeFitter Instance { get; } = new();

    /// <inheritdoc/>
    public TrainedModel Fit(TrainingSet rows, VariantOptions variant, TrainingOptions options, FitContext context, CancellationToken cancellationToken) =>
        ModelTrainer.Train(rows, variant, options, context, cancellationToken);
}
