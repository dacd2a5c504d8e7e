namespace AEAnomaly.Models.Kernels;

/// <summary>Names the part of a product that one panel computes.</summary>
/// <param name="DepthStart">First depth.</param>
/// <param name="Depth">Number of depths.</param>
/// <param name="Column">First column.</param>
/// <param name="Columns">Number of columns, at most two registers.</param>
/// <param name="Tiles">Number of tiles the rows are divided into.</param>
/// <param name="Pack">True to copy the panel of the right operand before use.</param>
internal readonly record struct MatrixPanelRange(int DepthStart, int Depth, int Column, int Columns, int Tiles, bool Pack)
{
    /// <summary>Gets whether these are the first depths of the panel: there is nothing to add to yet.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Gets whether these are the last depths of the panel: its elements are complete.</summary>
    public bool IsLast { get; init; }
}

/// <summary>Computes all rows of a product for two registers of columns.</summary>
internal static unsafe class MatrixPanel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Computes one panel.</summary>
    /// <param name="product">The whole product.</param>
    /// <param name="range">The panel's part of it.</param>
    /// <param name="buffer">
    /// Memory for a panel, a tile and a row, each two registers wide; unused, and may be null, when the panel is not packed and at least one register wide.
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
            ColumnSums = product.ColumnSums + range.Column,
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

        var start = !range.IsFirst || product.Accumulate ? TileStart.Output : product.Bias != null ? TileStart.ColumnBias : TileStart.Zero;
        var finish = range.IsLast && product.Relu ? TileFinish.Relu : range.IsLast && product.Mask != null ? TileFinish.Masked : TileFinish.Plain;
        var left = product.Left + (range.DepthStart * product.LeftDepthStep);
        var (rows, larger) = Math.DivRem(product.Rows, range.Tiles);
        var row = 0;
        for (var i = 0; i < range.Tiles; i++)
        {
            var count = i < larger ? rows + 1 : rows;
            tile.Left = left + (row * product.LeftRowStep);
            var place = ((nint)row * product.Columns) + range.Column;
            tile.Output = product.Output + place;
            tile.Mask = product.Mask + place;
            if (whole)
                RunTile(start, finish, count, vectors, tile);
            else
                RunCutTile(start, finish, count, range.Columns, tile, buffer);

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
    private static void RunCutTile(TileStart start, TileFinish finish, int rows, int columns, TileArguments tile, float* buffer)
    {
        var width = TLanes.Count;
        var output = tile.Output;
        var step = tile.OutputRowStep;
        tile.Output = buffer;
        tile.OutputRowStep = width;
        if (start == TileStart.Output)
            CopyRows(output, step, buffer, width, rows, columns);

        var sums = tile.ColumnSums;
        if (finish == TileFinish.Masked)
        {
            var masks = buffer + (TLanes.MaxTileRows * width);
            CopyRows(tile.Mask, step, masks, width, rows, columns);
            tile.Mask = masks;
            tile.ColumnSums = masks + (TLanes.MaxTileRows * width);
            CopyRows(sums, 0, tile.ColumnSums, 0, 1, columns);
        }

        RunTile(start, finish, rows, 1, tile);
        CopyRows(buffer, width, output, step, rows, columns);
        if (finish == TileFinish.Masked)
            CopyRows(tile.ColumnSums, 0, sums, 0, 1, columns);
    }

    private static void CopyRows(float* source, nint sourceStep, float* destination, nint destinationStep, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + (row * sourceStep), columns).CopyTo(new Span<float>(destination + (row * destinationStep), columns));
    }

    private static void RunTile(TileStart start, TileFinish finish, int rows, int vectors, in TileArguments tile)
    {
        switch (finish)
        {
            case TileFinish.Relu:
                RunTile<StoreRelu>(start, rows, vectors, tile);
                break;
            case TileFinish.Masked:
                RunTile<StoreMasked>(start, rows, vectors, tile);
                break;
            default:
                RunTile<Store>(start, rows, vectors, tile);
                break;
        }
    }

    private static void RunTile<TFinish>(TileStart start, int rows, int vectors, in TileArguments tile)
        where TFinish : struct, ITileFinish
    {
        switch (start)
        {
            case TileStart.Zero:
                Tiles.Run<TLanes, TVector, ZeroStart, TFinish>(rows, vectors, tile);
                break;
            case TileStart.Output:
                Tiles.Run<TLanes, TVector, OutputStart, TFinish>(rows, vectors, tile);
                break;
            default:
                Tiles.Run<TLanes, TVector, ColumnBias, TFinish>(rows, vectors, tile);
                break;
        }
    }

    private enum TileFinish
    {
        Plain,
        Relu,
        Masked,
    }

    private enum TileStart
    {
        Zero,
        Output,
        ColumnBias,
    }
}
