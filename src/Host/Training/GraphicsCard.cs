using AEAnomaly.Torch;

namespace AEAnomaly.Host.Training;

/// <summary>Looks for a GPU without loading anything: what finds one for certain takes hundreds of megabytes, and belongs into the training process.</summary>
internal static class GraphicsCard
{
    // The driver's control device; Windows' own path into its Linux subsystem.
    private static readonly string[] Devices = ["/dev/nvidiactl", "/dev/dxg"];

    /// <summary>Gets whether a driver is there and libtorch's CUDA half can be found.</summary>
    public static bool IsUsable => Devices.Any(File.Exists) && TorchFiles.Find().CudaProblem is null;
}
