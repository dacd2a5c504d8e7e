namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Keeps garbage from being collected until it is disposed, so that TorchSharp can be used plainly.</summary>
/// <remarks>TorchSharp makes an object of every number in <c>0.5 * x</c>, and its finaliser frees it even while native code still reads it. Product code makes such objects itself.</remarks>
internal readonly struct NoCollection : IDisposable
{
    private const long Most = 200L << 20;

    /// <summary>Collects what there is, and begins.</summary>
    public static NoCollection Begin()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!GC.TryStartNoGCRegion(Most))
            throw new InvalidOperationException($"There is no room for {Most >> 20} MB of garbage.");
        return default;
    }

    /// <summary>Ends; fails when more was allocated than there was room for.</summary>
    public void Dispose() => GC.EndNoGCRegion();
}
