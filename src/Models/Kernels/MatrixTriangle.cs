namespace AEAnomaly.Models.Kernels;

/// <summary>Names the half of a square operand or result that a product can leave out.</summary>
internal enum MatrixTriangle
{
    /// <summary>Nothing is left out.</summary>
    None,

    /// <summary>op(b)[depth, column] is 0 for depth &lt; column: those depths are not read, except near the diagonal.</summary>
    RightLower,

    /// <summary>op(b)[depth, column] is 0 for depth &gt; column: those depths are not read, except near the diagonal.</summary>
    RightUpper,

    /// <summary>Of the result only row &gt;= column is wanted: other elements are left as they are, except near the diagonal.</summary>
    ResultLower,

    /// <summary>Of the result only row &lt;= column is wanted: other elements are left as they are, except near the diagonal.</summary>
    ResultUpper,
}
