namespace AEAnomaly.Models.Frozen;

/// <summary>Says where rows and their reconstructions lie, feature by feature; the rows of a register are adjacent.</summary>
/// <param name="outputs">What the network gave.</param>
/// <param name="targets">What was observed.</param>
/// <param name="missing">Flags by block, above 0 where missing; or null.</param>
/// <param name="step">Floats from one feature, or block, to the next.</param>
internal readonly unsafe ref struct ReconstructedRows(float* outputs, float* targets, float* missing, int step)
{
    public float* Outputs { get; } = outputs;

    public float* Targets { get; } = targets;

    public float* Missing { get; } = missing;

    public nint Step { get; } = step;

    /// <summary>Gives the same rows from a later one on.</summary>
    public ReconstructedRows From(int row) => new(Outputs + row, Targets + row, Missing == null ? null : Missing + row, (int)Step);
}
