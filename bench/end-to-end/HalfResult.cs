namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds what the second half of a run measured, when the runtime has compiled what is hot.</summary>
/// <param name="Records">Records.</param>
/// <param name="WallSeconds">Time they took.</param>
/// <param name="ThreadSeconds">Processor time of the loop's thread.</param>
/// <param name="DetectorSeconds">The part of it in the detector: encode, score, decide, explain, write alerts; the rest is consume, decode, publish, commit.</param>
/// <param name="ProcessSeconds">Processor time of the whole process.</param>
/// <param name="AllocatedBytes">Bytes the managed heap gave the loop's thread.</param>
internal sealed record HalfResult(long Records, double WallSeconds, double ThreadSeconds, double DetectorSeconds, double ProcessSeconds, long AllocatedBytes)
{
    public double RecordsPerSecond => Records / WallSeconds;

    public double ThreadNanoseconds => ThreadSeconds / Records * 1e9;

    public double DetectorNanoseconds => DetectorSeconds / Records * 1e9;

    public double ProcessNanoseconds => ProcessSeconds / Records * 1e9;
}
