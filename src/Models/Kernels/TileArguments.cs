namespace AEAnomaly.Models.Kernels;

/// <summary>Says where a tile kernel reads and writes: output[row, column] = start + sum over depth of left[row, depth] * right[depth, column].</summary>
/// <remarks>
/// Steps count floats. A tile's columns are adjacent in memory, one or two registers of them; its rows are broadcast one by one. The second register may overlap the
/// first: all starting values are read before any result is written, and columns computed twice come out the same.
/// </remarks>
internal unsafe struct TileArguments
{
    public float* Left;
    public nint LeftRowStep;
    public nint LeftDepthStep;

    public float* Right;
    public nint RightDepthStep;

    public nint Depth;

    /// <summary>Column at which the second register begins, at most one register after the first.</summary>
    public nint SecondColumn;

    /// <summary>One value a row (<see cref="RowBias"/>) or a column (<see cref="ColumnBias"/>).</summary>
    public float* Bias;

    public float* Output;
    public nint OutputRowStep;

    /// <summary>What the output should have been, laid out like the output; read by <see cref="WeightedSquaredError"/>.</summary>
    public float* Target;

    /// <summary>One weight a row; read by <see cref="WeightedSquaredError"/>.</summary>
    public float* RowWeights;

    /// <summary>One running error a column; updated by <see cref="WeightedSquaredError"/>.</summary>
    public float* ColumnErrors;

    /// <summary>Laid out like the output; read by <see cref="StoreMasked"/>.</summary>
    public float* Mask;

    /// <summary>One running sum a column; updated by <see cref="StoreMasked"/>.</summary>
    public float* ColumnSums;

    /// <summary>Slope below 0; read by <see cref="StoreLeakyRelu"/>.</summary>
    public float Slope;
}
