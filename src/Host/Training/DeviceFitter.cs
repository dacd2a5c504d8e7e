using AEAnomaly.Detection.Configuration;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Host.Training;

/// <summary>Fits networks on the device that the configuration asks for, and falls back to the native engine where it allows that.</summary>
/// <param name="device">What to train on.</param>
/// <param name="fallback">What to do where that cannot be used, or fails.</param>
/// <param name="program">Program of the training process.</param>
/// <param name="fellBack">Receives why the native engine stood in.</param>
internal sealed class DeviceFitter(TrainingDevice device, TrainingFallback fallback, ChildProgram program, Action<string> fellBack) : IModelFitter
{
    // Weights times rows of a batch. A step of the native engine takes about 4 ms there (docs/gpu.md), and a GPU at least 1 to 2 ms however small the network is.
    private const long SmallestGpuWork = 1L << 27;

    /// <inheritdoc/>
    public TrainedModel Fit(TrainingSet rows, VariantOptions variant, TrainingOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        var chosen = Choose(rows, variant, options);
        if (chosen == TrainingDevice.Native)
            return NativeFitter.Instance.Fit(rows, variant, options, context, cancellationToken);

        try
        {
            return new ChildFitter(program, NameOf(chosen)).Fit(rows, variant, options, context, cancellationToken);
        }
        catch (TrainingDeviceException e) when (device == TrainingDevice.Auto || fallback == TrainingFallback.Native)
        {
            fellBack(e.Message);
            return NativeFitter.Instance.Fit(rows, variant, options, context, cancellationToken);
        }
    }

    /// <summary>Gets a device's name as configurations and manifests spell it.</summary>
    public static string NameOf(TrainingDevice device) => device.ToString().ToLowerInvariant();

    private TrainingDevice Choose(TrainingSet rows, VariantOptions variant, TrainingOptions options)
    {
        if (device != TrainingDevice.Auto)
            return device;
        return GraphicsCard.IsUsable && NetworkSize.CountWeights(variant, rows.Layout) * Math.Min(options.BatchSize, rows.Rows) >= SmallestGpuWork
            ? TrainingDevice.Cuda
            : TrainingDevice.Native;
    }
}
