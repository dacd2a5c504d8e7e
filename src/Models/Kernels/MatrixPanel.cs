namespace AEAnomaly.Models.Kernels;

/// <summary>Names the part of a product that one panel computes.</summary>
/// <param name="DepthStart">First depth.</param>
/// <param name="Depth">Number of depths.</param>
/// <param name="Column">First column.</param>
/// <param name="Columns">Number of columns, at most two registers.</param>
/// <param name="Tiles">Number of tiles the rows are divided into.</param>
/// <param name="Pack">True to copy the panel of the right operand before use.</param>
internal readonly record struct MatrixPanelRange(int DepthStart, int Depth, int Column, int Columns, int Tiles, bool Pack);

/// <summary>Computes all rows of a product for two registers of columns.</summary>
internal static unsafe class MatrixPanel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Computes one panel.</summary>
    /// <param name="product">The whole product.</param>
    /// <param name="range">The panel's part of it.</param>
    /// <param name="buffer">
    /// Memory for a panel, a tile and a bias, each two registers wide; unused, and may be null, when the panel is not packed and at least one register wide.
    /// </param>
    public static void Run(in MatrixProduct product, in MatrixPanelRange range, float* buffer)
    {
        var vectors = range.Columns > TLanes.Count ? 2 : 1;
        var whole = range.Columns >= TLanes.Count;
        var width = Math.Max(range.Columns, TLanes.Count);
        var right = product.Right + (range.DepthStart * product.RightDepthStep) + (range.Column * product.RightColumnStep);
        var tile = new TileArguments
        {
            LeftRowStep = product.LeftRowStep,
            LeftDepthStep = product.LeftDepthStep,
            Right = right,
            RightDepthStep = product.RightDepthStep,
            Depth = range.Depth,
            SecondColumn = range.Columns - TLanes.Count,
            Bias = product.Bias + range.Column,
            OutputRowStep = product.Columns,
        };
        if (range.Pack || !whole)
        {
            Pack(product, range, right, buffer, width);
            tile.Right = buffer;
            tile.RightDepthStep = width;
            buffer += range.Depth * width;
        }

        if (!whole && product.Bias != null)
        {
            new Span<float>(tile.Bias, range.Columns).CopyTo(new Span<float>(buffer, width));
            tile.Bias = buffer;
            buffer += width;
        }

        var start = range.DepthStart > 0 || product.Accumulate ? TileStart.Output : product.Bias != null ? TileStart.ColumnBias : TileStart.Zero;
        var relu = product.Relu && range.DepthStart + range.Depth == product.Depth;
        var left = product.Left + (range.DepthStart * product.LeftDepthStep);
        var (rows, larger) = Math.DivRem(product.Rows, range.Tiles);
        var row = 0;
        for (var i = 0; i < range.Tiles; i++)
        {
            var count = i < larger ? rows + 1 : rows;
            tile.Left = left + (row * product.LeftRowStep);
            tile.Output = product.Output + ((nint)row * product.Columns) + range.Column;
            if (whole)
                RunTile(start, relu, count, vectors, tile);
            else
                RunCutTile(start, relu, count, range.Columns, tile, buffer);

            row += count;
        }
    }

    private static void Pack(in MatrixProduct product, in MatrixPanelRange range, float* right, float* buffer, int width)
    {
        if (range.Columns < width)
            new Span<float>(buffer, range.Depth * width).Clear();

        if (product.RightColumnStep != 1)
        {
            Transposition.Copy(right, product.RightColumnStep, buffer, width, range.Columns, range.Depth);
            return;
        }

        if (range.Columns == width)
        {
            for (var depth = 0; depth < range.Depth; depth++)
            {
                TLanes.Store(TLanes.Load(right), buffer);
                TLanes.Store(TLanes.Load(right + width - TLanes.Count), buffer + width - TLanes.Count);
                right += product.RightDepthStep;
                buffer += width;
            }

            return;
        }

        for (var depth = 0; depth < range.Depth; depth++)
        {
            new ReadOnlySpan<float>(right, range.Columns).CopyTo(new Span<float>(buffer, range.Columns));
            right += product.RightDepthStep;
            buffer += width;
        }
    }

    // Fewer columns than a register holds: work on a whole tile beside the output.
    private static void RunCutTile(TileStart start, bool relu, int rows, int columns, TileArguments tile, float* buffer)
    {
        var width = TLanes.Count;
        var output = tile.Output;
        var step = tile.OutputRowStep;
        tile.Output = buffer;
        tile.OutputRowStep = width;
        if (start == TileStart.Output)
        {
            for (var row = 0; row < rows; row++)
                new ReadOnlySpan<float>(output + (row * step), columns).CopyTo(new Span<float>(buffer + (row * width), columns));
        }

        RunTile(start, relu, rows, 1, tile);
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(buffer + (row * width), columns).CopyTo(new Span<float>(output + (row * step), columns));
    }

    private static void RunTile(TileStart start, bool relu, int rows, int vectors, in TileArguments tile)
    {
        switch (start, relu)
        {
            case (TileStart.Zero, false):
                Tiles.Run<TLanes, TVector, ZeroStart, Store>(rows, vectors, tile);
                break;
            case (TileStart.Output, false):
                Tiles.Run<TLanes, TVector, OutputStart, Store>(rows, vectors, tile);
                break;
            case (TileStart.ColumnBias, false):
                Tiles.Run<TLanes, TVector, ColumnBias, Store>(rows, vectors, tile);
                break;
            case (TileStart.Zero, true):
                Tiles.Run<TLanes, TVector, ZeroStart, StoreRelu>(rows, vectors, tile);
                break;
            case (TileStart.Output, true):
                Tiles.Run<TLanes, TVector, OutputStart, StoreRelu>(rows, vectors, tile);
                break;
            default:
                Tiles.Run<TLanes, TVector, ColumnBias, StoreRelu>(rows, vectors, tile);
                break;
        }
    }

    private enum TileStart
    {
        Zero,
        Output,
        ColumnBias,
    }
}
