using AEAnomaly.Models.Tensors;
using TorchSharp;
using Device = AEAnomaly.Models.Tensors.Device;

namespace AEAnomaly.Torch;

/// <summary>Creates devices that train with libtorch, on the processor or on a GPU.</summary>
public sealed class TorchDeviceFactory : DeviceFactory
{
    private readonly bool _onGpu;

    /// <summary>Initializes a factory.</summary>
    /// <param name="library">Loaded library.</param>
    /// <param name="onGpu">Whether to compute on the GPU; false by default.</param>
    /// <exception cref="InvalidOperationException">The library is not available, or reaches no GPU where one is asked for; the message says why.</exception>
    public TorchDeviceFactory(TorchLibrary library, bool onGpu = false)
    {
        if ((onGpu ? library.CudaProblem : library.Problem) is { } problem)
            throw new InvalidOperationException(problem);
        _onGpu = onGpu;
    }

    /// <inheritdoc/>
    /// <value><c>torch</c>, or <c>cuda</c> on a GPU.</value>
    public override string Name => _onGpu ? "cuda" : "torch";

    internal override Device Create() => new TorchDevice(_onGpu ? torch.CUDA : torch.CPU);
}
