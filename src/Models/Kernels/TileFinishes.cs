using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Takes the finished accumulators of a tile, row by row, with one running value for each register of columns.</summary>
internal interface ITileFinish
{
    static abstract TVector Begin<TLanes, TVector>(in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;

    static abstract TVector Take<TLanes, TVector>(TVector value, TVector running, in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;

    static abstract void End<TLanes, TVector>(TVector running, in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}

/// <summary>Stores the sums.</summary>
internal readonly unsafe struct Store : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Begin<TLanes, TVector>(in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Take<TLanes, TVector>(TVector value, TVector running, in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TLanes.Store(value, tile.Output + (row * tile.OutputRowStep) + (vector * tile.SecondColumn));
        return running;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End<TLanes, TVector>(TVector running, in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
    }
}

/// <summary>Stores max(sum, 0).</summary>
internal readonly unsafe struct StoreRelu : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Begin<TLanes, TVector>(in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Take<TLanes, TVector>(TVector value, TVector running, in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TLanes.Store(TLanes.Max(value, running), tile.Output + (row * tile.OutputRowStep) + (vector * tile.SecondColumn));
        return running;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End<TLanes, TVector>(TVector running, in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
    }
}

/// <summary>Stores the sum where it is above 0, slope * sum elsewhere.</summary>
internal readonly unsafe struct StoreLeakyRelu : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Begin<TLanes, TVector>(in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(tile.Slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Take<TLanes, TVector>(TVector value, TVector running, in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var leaky = TLanes.SelectGreater(value, TLanes.Broadcast(0f), value, TLanes.Multiply(value, running));
        TLanes.Store(leaky, tile.Output + (row * tile.OutputRowStep) + (vector * tile.SecondColumn));
        return running;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End<TLanes, TVector>(TVector running, in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
    }
}

/// <summary>Stores nothing; adds each row's weight * (sum - target)^2 to the running error of its columns, rows in order.</summary>
internal readonly unsafe struct WeightedSquaredError : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Begin<TLanes, TVector>(in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load(tile.ColumnErrors + (vector * tile.SecondColumn));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Take<TLanes, TVector>(TVector value, TVector running, in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var difference = TLanes.Subtract(value, TLanes.Load(tile.Target + (row * tile.OutputRowStep) + (vector * tile.SecondColumn)));
        return TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Broadcast(tile.RowWeights[row]), difference), difference, running);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End<TLanes, TVector>(TVector running, in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Store(running, tile.ColumnErrors + (vector * tile.SecondColumn));
}

/// <summary>Stores the sum where the mask is above 0 and 0 elsewhere, and adds what it stores to the running sum of its columns, rows in order.</summary>
internal readonly unsafe struct StoreMasked : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Begin<TLanes, TVector>(in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load(tile.ColumnSums + (vector * tile.SecondColumn));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Take<TLanes, TVector>(TVector value, TVector running, in TileArguments tile, int row, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        var place = (row * tile.OutputRowStep) + (vector * tile.SecondColumn);
        var kept = TLanes.SelectGreater(TLanes.Load(tile.Mask + place), zero, value, zero);
        TLanes.Store(kept, tile.Output + place);
        return TLanes.Add(running, kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End<TLanes, TVector>(TVector running, in TileArguments tile, int vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Store(running, tile.ColumnSums + (vector * tile.SecondColumn));
}
