namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    // Measured: with more rows at a time, what lies between the layers of a network 256 wide leaves a second-level cache of 1 MB; with fewer, tiles start and end more
    // often. The smallest work that is split is about a tenth of a millisecond for each of two threads.
    private static readonly WorkPlan TunedPlan =
        new(Lanes: 2, ChunkRows: 256, SmallestSplitWork: 1L << 23, MeasuredRows: 512, ResidentValues: 0, ReadsEveryLoss: true);

    public override WorkPlan Plan => TunedPlan;
}
