namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds one run of each side, made one right after the other.</summary>
internal sealed record RunPair(RunResult Ours, RunResult Peer)
{
    /// <summary>Gets how many times the peer's records a second the product made.</summary>
    public double Ratio => Ours.RecordsPerSecond / Peer.RecordsPerSecond;

    /// <summary>Gets how many times the product's processor time a record cost the peer, in its whole process.</summary>
    public double ProcessorRatio => Peer.ProcessNanoseconds / Ours.ProcessNanoseconds;

    /// <summary>Gets the same for the one application thread.</summary>
    public double ThreadRatio => Peer.ThreadNanoseconds / Ours.ThreadNanoseconds;
}
