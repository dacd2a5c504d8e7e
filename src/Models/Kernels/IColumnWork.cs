namespace AEAnomaly.Models.Kernels;

/// <summary>Computes columns of row-major matrices, all rows of them, each element on its own or summed down its column.</summary>
internal interface IColumnWork
{
    /// <summary>Computes whole registers of columns.</summary>
    /// <param name="column">First column.</param>
    /// <returns>The first column that is left, less than a register's width from the end.</returns>
    int Run<TLanes, TVector>(int column)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
