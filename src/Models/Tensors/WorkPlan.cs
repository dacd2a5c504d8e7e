namespace AEAnomaly.Models.Tensors;

/// <summary>Says in which pieces a device takes the work of training, and what it keeps to itself between steps.</summary>
/// <param name="Lanes">Parts of a batch that are worked on side by side, each on a sibling of the device: 1, or 2.</param>
/// <param name="ChunkRows">Rows of a batch that go through a network at a time, where their losses are independent.</param>
/// <param name="SmallestSplitWork">Rows times weights from which on a batch goes to both lanes even when it is a single chunk.</param>
/// <param name="MeasuredRows">Rows that are measured at a time.</param>
/// <param name="ResidentValues">Values of the largest training set to be kept on the device, its rows gathered there by their numbers; of larger ones each batch is sent.</param>
/// <param name="ReadsEveryLoss">True to look at the loss of a step before the step is taken; false to leave losses on the device until they are asked for.</param>
internal sealed record WorkPlan(int Lanes, int ChunkRows, long SmallestSplitWork, int MeasuredRows, long ResidentValues, bool ReadsEveryLoss)
{
    /// <summary>Gets the plan of an accelerator: whole batches, rows and losses in its own memory, and nothing that waits for it.</summary>
    public static WorkPlan Accelerator { get; } =
        new(Lanes: 1, ChunkRows: int.MaxValue, SmallestSplitWork: long.MaxValue, MeasuredRows: 8192, ResidentValues: 1L << 28, ReadsEveryLoss: false);
}
