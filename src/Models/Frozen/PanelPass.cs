using System.Runtime.CompilerServices;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows in panels of 32, feature by feature: a weight is broadcast over the rows.</summary>
/// <remarks>
/// A tile's sums stay in registers from the bias to the activation; a tile of weights stays in L1 while all panels of the group use it. With only real features
/// the last layer's sums never reach memory: they become errors at once.
/// </remarks>
internal static unsafe class PanelPass<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int PanelRows = DenseScratch.PanelRows;

    /// <summary>Scores up to <see cref="DenseScratch.Panels"/> panels of rows.</summary>
    /// <param name="rows">Row-major <c>[count, Layout.Width]</c>.</param>
    /// <param name="missing">Row-major <c>[count, Layout.BlockCount]</c>, or null.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="scores">Receives <paramref name="count"/> scores.</param>
    /// <param name="scratch">Working memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(float* rows, byte* missing, int count, Span<float> scores, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        var width = stack.Layout.Width;
        var panels = (count + PanelRows - 1) / PanelRows;
        Fill(rows, missing, count, scratch);
        scratch.Errors.Span.Clear();

        var input = scratch.Inputs.Pointer;
        var inputStep = width * PanelRows;
        var output = scratch.First.Pointer;
        var outputStep = stack.MaxStride * PanelRows;
        var layers = stack.Layers;
        for (var i = 0; i < layers.Length; i++)
        {
            var work = new PanelWork(layers[i], input, inputStep, output, outputStep, panels);
            if (i == layers.Length - 1 && stack.FusesError && missing == null)
                RunLayer<WeightedSquaredError>(work, scratch);
            else
                Activate(work, scratch);

            if (i == stack.LatentLayer && stack.KlWeight > 0)
                AddDivergence(work, scratch);

            input = output;
            inputStep = outputStep;
            output = output == scratch.First.Pointer ? scratch.Second.Pointer : scratch.First.Pointer;
        }

        if (!stack.FusesError || missing != null)
            AddErrors(input, inputStep, panels, missing != null, scratch);

        scratch.Errors.Span[..count].CopyTo(scores);
    }

    private static void Fill(float* rows, byte* missing, int count, DenseScratch scratch)
    {
        var layout = scratch.Stack.Layout;
        var panel = scratch.Inputs.Pointer;
        if (count % PanelRows != 0)
            new Span<float>(panel + (count / PanelRows * layout.Width * PanelRows), layout.Width * PanelRows).Clear();

        for (var row = 0; row < count; row += PanelRows)
        {
            Transposition.Copy(rows + ((nint)row * layout.Width), layout.Width, panel, PanelRows, Math.Min(PanelRows, count - row), layout.Width);
            panel += layout.Width * PanelRows;
        }

        if (missing == null)
            return;

        scratch.Missing.Span.Clear();
        // Few flags are set: finding them is quicker than spreading all.
        var flags = new ReadOnlySpan<byte>(missing, count * layout.BlockCount);
        for (int next, index = 0; (next = flags[index..].IndexOfAnyExcept((byte)0)) >= 0; index++)
        {
            index += next;
            var (row, block) = Math.DivRem(index, layout.BlockCount);
            scratch.Missing.Pointer[(((row / PanelRows * layout.BlockCount) + block) * PanelRows) + (row % PanelRows)] = 1;
        }
    }

    private static void Activate(in PanelWork work, DenseScratch scratch)
    {
        switch (work.Layer.Activation)
        {
            case Activation.Relu:
                RunLayer<StoreRelu>(work, scratch);
                break;
            case Activation.LeakyRelu:
                RunLayer<StoreLeakyRelu>(work, scratch);
                break;
            default:
                RunLayer<Store>(work, scratch);
                for (var panel = 0; panel < work.Panels; panel++)
                    LayerActivation<TLanes, TVector>.Apply(work.Layer.Activation, work.Output + (panel * work.OutputStep), work.Layer.Outputs * PanelRows);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunLayer<TFinish>(in PanelWork work, DenseScratch scratch)
        where TFinish : struct, ITileFinish
    {
        var layer = work.Layer;
        var weights = layer.Tiles;
        var first = 0;
        var tile = new TileArguments
        {
            LeftRowStep = 1,
            RightDepthStep = PanelRows,
            Depth = layer.Inputs,
            SecondColumn = TLanes.Count,
            OutputRowStep = PanelRows,
            Slope = LayerActivation<TLanes, TVector>.LeakySlope,
        };
        foreach (var outputs in layer.TileOutputs)
        {
            tile.Left = weights;
            tile.LeftDepthStep = outputs;
            tile.Bias = layer.Bias + first;
            tile.RowWeights = scratch.Stack.FeatureWeights + first;
            for (var panel = 0; panel < work.Panels; panel++)
            {
                for (var row = 0; row < PanelRows; row += 2 * TLanes.Count)
                {
                    tile.Right = work.Input + (panel * work.InputStep) + row;
                    tile.Output = work.Output + (panel * work.OutputStep) + (first * PanelRows) + row;
                    tile.Target = scratch.Inputs.Pointer + (((panel * scratch.Stack.Layout.Width) + first) * PanelRows) + row;
                    tile.ColumnErrors = scratch.Errors.Pointer + (panel * PanelRows) + row;
                    Tiles.Run<TLanes, TVector, RowBias, TFinish>(outputs, 2, tile);
                }
            }

            weights += layer.Inputs * outputs;
            first += outputs;
        }
    }

    private static void AddDivergence(in PanelWork work, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        for (var panel = 0; panel < work.Panels; panel++)
        {
            for (var row = 0; row < PanelRows; row += TLanes.Count)
            {
                GaussianDivergence.Add<TLanes, TVector>(
                    work.Output + (panel * work.OutputStep) + row,
                    PanelRows,
                    stack.LatentWidth,
                    stack.KlWeight,
                    scratch.Errors.Pointer + (panel * PanelRows) + row);
            }
        }
    }

    private static void AddErrors(float* outputs, int outputStep, int panels, bool hasMissing, DenseScratch scratch)
    {
        var stack = scratch.Stack;
        for (var panel = 0; panel < panels; panel++)
        {
            var rows = new ReconstructedRows(
                outputs + (panel * outputStep),
                scratch.Inputs.Pointer + (panel * stack.Layout.Width * PanelRows),
                hasMissing ? scratch.Missing.Pointer + (panel * stack.Layout.BlockCount * PanelRows) : null,
                PanelRows);
            for (var row = 0; row < PanelRows; row += TLanes.Count)
            {
                ReconstructionError.Add<TLanes, TVector>(
                    stack.Layout.Blocks, stack.BlockWeights, rows.From(row), scratch.Errors.Pointer + (panel * PanelRows) + row);
            }
        }
    }

    /// <summary>Names one layer's inputs and outputs in a group of panels; steps count floats from panel to panel.</summary>
    private readonly struct PanelWork(PackedLayer layer, float* input, int inputStep, float* output, int outputStep, int panels)
    {
        public PackedLayer Layer { get; } = layer;

        public float* Input { get; } = input;

        public int InputStep { get; } = inputStep;

        public float* Output { get; } = output;

        public int OutputStep { get; } = outputStep;

        public int Panels { get; } = panels;
    }
}
