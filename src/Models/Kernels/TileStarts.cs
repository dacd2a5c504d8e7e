using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Gives an accumulator of a tile its first value.</summary>
internal interface ITileStart
{
    static abstract TVector Load<TLanes, TVector>(in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}

/// <summary>Starts from 0.</summary>
internal readonly struct ZeroStart : ITileStart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(0f);
}

/// <summary>Starts from what the output holds already.</summary>
internal readonly unsafe struct OutputStart : ITileStart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load(tile.Output + (row * tile.OutputRowStep) + (vector * tile.SecondColumn));
}

/// <summary>Starts from a bias that each column has.</summary>
internal readonly unsafe struct ColumnBias : ITileStart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load(tile.Bias + (vector * tile.SecondColumn));
}

/// <summary>Starts from a bias that each row has.</summary>
internal readonly unsafe struct RowBias : ITileStart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(tile.Bias[row]);
}
