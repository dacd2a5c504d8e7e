namespace AEAnomaly.Models.Kernels;

/// <summary>Describes a product output[row, column] = start + sum over depth of left[row, depth] * right[depth, column]; steps count floats.</summary>
internal unsafe struct MatrixProduct
{
    public float* Left;
    public nint LeftRowStep;
    public nint LeftDepthStep;

    public float* Right;
    public nint RightDepthStep;
    public nint RightColumnStep;

    /// <summary>One value a column to start from, or null.</summary>
    public float* Bias;

    /// <summary>Row-major <c>[Rows, Columns]</c>.</summary>
    public float* Output;

    /// <summary>Laid out like the output: results are kept where it is above 0 and are 0 elsewhere; or null.</summary>
    public float* Mask;

    /// <summary>One running sum a column, to which the masked results are added; given with <see cref="Mask"/>.</summary>
    public float* ColumnSums;

    public int Rows;
    public int Columns;
    public int Depth;

    /// <summary>True to start from what the output holds.</summary>
    public bool Accumulate;

    /// <summary>What can be left out.</summary>
    public MatrixTriangle Triangle;

    /// <summary>True to replace results below 0 by 0.</summary>
    public bool Relu;
}
