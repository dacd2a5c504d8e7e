using System.Runtime.InteropServices;
using System.Text;

namespace AEAnomaly.Torch;

/// <summary>Asks the NVIDIA driver what TorchSharp does not tell.</summary>
internal static class CudaDriver
{
    /// <summary>Gets the name of the first GPU that this process may use, null where the driver does not answer.</summary>
    public static unsafe string? FirstDeviceName()
    {
        if (!NativeLibrary.TryLoad("libcuda.so.1", out var driver)
            || !NativeLibrary.TryGetExport(driver, "cuInit", out var initialize)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var get)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out var getName))
        {
            return null;
        }

        const int Success = 0;
        var name = stackalloc byte[256];
        int device;
        return ((delegate* unmanaged<uint, int>)initialize)(0) == Success
            && ((delegate* unmanaged<int*, int, int>)get)(&device, 0) == Success
            && ((delegate* unmanaged<byte*, int, int, int>)getName)(name, 256, device) == Success
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name))
            : null;
    }
}
