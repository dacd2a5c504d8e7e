using AEAnomaly.Detection.Configuration;
using AEAnomaly.Torch;

namespace AEAnomaly.Host.Training;

/// <summary>Says what trainings would use on this machine, by looking at files alone.</summary>
internal static class TrainingDeviceText
{
    /// <summary>Describes the device of a detector.</summary>
    /// <param name="training">What the configuration asks for.</param>
    /// <returns>What would train, and what stands in the way of the device asked for, or null.</returns>
    public static (string Device, string? Problem) Describe(RetrainingOptions training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Device is TrainingDevice.Native)
            return ("native", null);
        if (training.Device is TrainingDevice.Auto)
            return (GraphicsCard.IsUsable ? $"cuda where a network is large enough, native otherwise (libtorch in {TorchFiles.Find().Folder})" : "native (auto finds no GPU)", null);

        var name = DeviceFitter.NameOf(training.Device);
        var files = TorchFiles.Find();
        var problem = training.Device == TrainingDevice.Cuda ? files.CudaProblem : files.Problem;
        if (problem is null)
            return ($"{name} (libtorch in {files.Folder})", null);
        return training.Fallback == TrainingFallback.Native
            ? ("native", $"{name} cannot be used, and the native engine will train instead: {problem}")
            : ("nothing", $"{name} cannot be used, and every training will fail: {problem}; or set training.fallback to native");
    }
}
