using System.Runtime.CompilerServices;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores a few rows without the cost of a panel: a feature is broadcast over the outputs of a layer.</summary>
/// <remarks>Each sum is the same chain of the same products as in <see cref="PanelPass{TLanes, TVector}"/>, so the bits are the same.</remarks>
internal static unsafe class RowPass<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    // Few rows wait for their own sums in a tile two registers wide; four registers wide, they need as many accumulators as there are for half the rows.
    private static int MaxWideTileRows => (TLanes.MaxTileRows / 2) - 1;

    /// <summary>Scores rows one tile of rows at a time.</summary>
    /// <param name="rows">Row-major <c>[count, Layout.Width]</c>.</param>
    /// <param name="missing">Row-major <c>[count, Layout.BlockCount]</c>, or null.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="scores">Receives <paramref name="count"/> scores.</param>
    /// <param name="scratch">Working memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(float* rows, byte* missing, int count, Span<float> scores, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        var tiles = (count + TLanes.MaxTileRows - 1) / TLanes.MaxTileRows;
        int tileRows;
        for (var row = 0; row < count; row += tileRows, tiles--)
        {
            tileRows = (count - row + tiles - 1) / tiles;
            var inputs = rows + (row * stack.Layout.Width);
            scratch.Errors.Span.Clear();
            var outputs = Forward(inputs, tileRows, default, scratch);
            for (var i = 0; i < tileRows; i++)
            {
                if (stack.FusesError && missing == null)
                {
                    var width = stack.Layout.Width;
                    scores[row + i] = ReconstructionError.AddSquares(
                        outputs + (i * stack.Layers[^1].Stride), inputs + (i * width), stack.FeatureWeights, width, scratch.Errors.Pointer[i]);
                    continue;
                }

                var reconstructed = Row(inputs, outputs, missing == null ? null : missing + ((row + i) * stack.Layout.BlockCount), i, scratch);
                var error = scratch.Errors.Pointer + i;
                ReconstructionError.Add<Lanes1, float>(stack.Layout.Blocks, stack.BlockWeights, reconstructed, error);
                scores[row + i] = *error;
            }
        }
    }

    /// <summary>Sends at most a tile of rows through all layers; adds the divergence to their errors.</summary>
    /// <param name="rows">Row-major <c>[count, Layout.Width]</c>.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="latent">Receives the latent vectors of as many rows as it has room for; or empty.</param>
    /// <param name="scratch">Working memory.</param>
    /// <returns>The outputs, row-major, one row a <see cref="PackedLayer.Stride"/> of the last layer.</returns>
    public static float* Forward(float* rows, int count, Span<float> latent, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        var codeLayers = stack.LatentLayer + 1;
        var codes = Forward(rows, stack.Layout.Width, count, 0, codeLayers, scratch);
        var stride = stack.Layers[stack.LatentLayer].Stride;
        TakeLatent(codes, stride, count, latent, scratch);
        return Forward(codes, stride, count, codeLayers, stack.Layers.Length, scratch);
    }

    /// <summary>Sends at most a tile of rows through some layers.</summary>
    /// <param name="input">Row-major <c>[count, step]</c>: rows, or what an earlier call returned.</param>
    /// <param name="inputStep">Floats from one row to the next.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="first">Index of the first layer.</param>
    /// <param name="end">Index after the last layer.</param>
    /// <param name="scratch">Working memory.</param>
    /// <returns>The outputs, row-major, one row a <see cref="PackedLayer.Stride"/> of the last layer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float* Forward(float* input, int inputStep, int count, int first, int end, DenseScratch scratch)
    {
        var output = input == scratch.First.Pointer ? scratch.Second.Pointer : scratch.First.Pointer;
        var layers = scratch.Stack.Layers;
        for (var i = first; i < end; i++)
        {
            var layer = layers[i];
            var tile = new TileArguments
            {
                Left = input,
                LeftRowStep = inputStep,
                LeftDepthStep = 1,
                RightDepthStep = layer.Stride,
                Depth = layer.Inputs,
                SecondColumn = TLanes.Count,
                OutputRowStep = layer.Stride,
                Slope = LayerActivation<TLanes, TVector>.LeakySlope,
            };
            int vectors;
            for (var column = 0; column < layer.Stride; column += vectors * TLanes.Count)
            {
                var remaining = (layer.Stride - column) / TLanes.Count;
                vectors = remaining >= 4 && count <= MaxWideTileRows ? 4 : Math.Min(remaining, 2);
                tile.Right = layer.Rows + column;
                tile.Bias = layer.Bias + column;
                tile.Output = output + column;
                RunTile(layer.Activation, count, vectors, tile);
            }

            LayerActivation<TLanes, TVector>.Apply(layer.Activation, output, count * layer.Stride);
            input = output;
            inputStep = layer.Stride;
            output = output == scratch.First.Pointer ? scratch.Second.Pointer : scratch.First.Pointer;
        }

        return input;
    }

    /// <summary>Says where one row of a tile of rows and its reconstruction lie.</summary>
    public static ReconstructedRows Row(float* inputs, float* outputs, byte* missing, int row, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        var flags = missing == null ? null : scratch.Missing.Pointer;
        if (flags != null)
        {
            for (var block = 0; block < stack.Layout.BlockCount; block++)
                flags[block] = missing[block];
        }

        return new ReconstructedRows(outputs + (row * stack.Layers[^1].Stride), inputs + (row * stack.Layout.Width), flags, 1);
    }

    /// <summary>Finds the part of a matrix that belongs to a tile of rows.</summary>
    /// <param name="values">Row-major <c>[rows, width]</c>, or empty.</param>
    /// <param name="first">First row of the tile.</param>
    /// <param name="count">Rows of the tile.</param>
    /// <param name="width">Values of a row.</param>
    public static Span<float> Part(Span<float> values, int first, int count, int width) =>
        values.IsEmpty ? default : values.Slice(first * width, count * width);

    /// <summary>Copies rows that lie a step apart to a matrix.</summary>
    /// <param name="source">First row.</param>
    /// <param name="step">Floats from one row to the next.</param>
    /// <param name="destination">Row-major <c>[rows, width]</c>, or empty.</param>
    /// <param name="width">Values of a row.</param>
    public static void CopyRows(float* source, int step, Span<float> destination, int width)
    {
        for (; !destination.IsEmpty; source += step, destination = destination[width..])
            new ReadOnlySpan<float>(source, width).CopyTo(destination);
    }

    /// <summary>Writes what is wanted of a tile of reconstructed rows: the outputs, and the running errors with those of the reconstruction added.</summary>
    /// <param name="inputs">Rows of the tile.</param>
    /// <param name="outputs">Their reconstructions.</param>
    /// <param name="missing">Their flags, or null.</param>
    /// <param name="first">Index of the tile's first row in the readings.</param>
    /// <param name="count">Rows of the tile.</param>
    /// <param name="readings">Where to write.</param>
    /// <param name="scratch">Working memory with the running errors.</param>
    public static void Write(float* inputs, float* outputs, byte* missing, int first, int count, RowReadings readings, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        var layout = stack.Layout;
        CopyRows(outputs, stack.Layers[^1].Stride, Part(readings.Outputs, first, count, layout.Width), layout.Width);
        if (readings.Scores.IsEmpty)
            return;

        for (var i = 0; i < count; i++)
        {
            var row = Row(inputs, outputs, missing == null ? null : missing + (i * layout.BlockCount), i, scratch);
            ReconstructionError.Add<Lanes1, float>(layout.Blocks, stack.BlockWeights, row, scratch.Errors.Pointer + i);
            readings.Scores[first + i] = scratch.Errors.Pointer[i];
        }
    }

    private static void RunTile(Activation activation, int rows, int vectors, in TileArguments tile)
    {
        switch (activation)
        {
            case Activation.Relu:
                Tiles.Run<TLanes, TVector, ColumnBias, StoreRelu>(rows, vectors, tile);
                break;
            case Activation.LeakyRelu:
                Tiles.Run<TLanes, TVector, ColumnBias, StoreLeakyRelu>(rows, vectors, tile);
                break;
            default:
                Tiles.Run<TLanes, TVector, ColumnBias, Store>(rows, vectors, tile);
                break;
        }
    }

    private static void TakeLatent(float* values, int step, int count, Span<float> latent, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        CopyRows(values, step, latent, stack.LatentWidth);

        if (stack.KlWeight > 0)
        {
            for (var row = 0; row < count; row++)
                GaussianDivergence.Add<Lanes1, float>(values + (row * step), 1, stack.LatentWidth, stack.KlWeight, scratch.Errors.Pointer + row);
        }
    }
}
