using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Runs work over columns on registers of falling width, so that few columns are left to be computed one by one.</summary>
internal static class ColumnPasses
{
    /// <summary>Runs the work over all columns; the results do not depend on the registers.</summary>
    /// <param name="work">Work.</param>
    /// <param name="widest">Widest registers to use.</param>
    public static void Run<TWork>(in TWork work, VectorWidth widest)
        where TWork : struct, IColumnWork
    {
        var column = 0;
        if (widest >= VectorWidth.Bits512)
            column = work.Run<Lanes16, Vector512<float>>(column);
        if (widest >= VectorWidth.Bits256)
            column = work.Run<Lanes8, Vector256<float>>(column);
        if (widest >= VectorWidth.Bits128)
            column = work.Run<Lanes4, Vector128<float>>(column);
        work.Run<Lanes1, float>(column);
    }
}
