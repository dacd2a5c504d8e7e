using System.Runtime.CompilerServices;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Judges a reconstruction block by block, each by the likelihood of its kind, for as many rows at a time as a register has lanes.</summary>
/// <remarks>
/// Real: the sum of squared differences. Binary: softplus(y) - x y. Category: logsumexp(y) - y of the true category. Each times the block's weight; features in
/// order, so that a row's error has the same bits for every number of lanes. A missing block adds exactly 0.
/// </remarks>
internal static unsafe class ReconstructionError
{
    /// <summary>Adds the errors of all blocks to one running error a row.</summary>
    /// <param name="blocks">Blocks of a row.</param>
    /// <param name="weights">One weight a block.</param>
    /// <param name="rows">Where outputs, targets and flags are.</param>
    /// <param name="errors">One error a lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TLanes, TVector>(ReadOnlySpan<FeatureBlock> blocks, ReadOnlySpan<float> weights, ReconstructedRows rows, float* errors)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var sum = TLanes.Load(errors);
        for (var i = 0; i < blocks.Length; i++)
            sum = AddBlock<TLanes, TVector>(blocks[i], i, weights[i], rows, sum);

        TLanes.Store(sum, errors);
    }

    /// <summary>Adds the weighted squared differences of one row to its running error: the same operations as <see cref="Add"/> where every block is real.</summary>
    /// <param name="outputs">What the network gave <c>[features]</c>.</param>
    /// <param name="targets">What was observed <c>[features]</c>.</param>
    /// <param name="weights">One weight a feature.</param>
    /// <param name="features">Number of features.</param>
    /// <param name="error">Running error.</param>
    /// <returns>The running error with this row's added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float AddSquares(float* outputs, float* targets, float* weights, int features, float error)
    {
        for (var i = 0; i < features; i++)
        {
            var difference = outputs[i] - targets[i];
            error = Lanes1.MultiplyAdd(weights[i] * difference, difference, error);
        }

        return error;
    }

    /// <summary>Adds the error of one block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="index">Its index.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="rows">Where outputs, targets and flags are.</param>
    /// <param name="sum">Running errors.</param>
    /// <returns>The running errors with this block's added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector AddBlock<TLanes, TVector>(FeatureBlock block, int index, float weight, ReconstructedRows rows, TVector sum)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var factor = TLanes.Broadcast(weight);
        var missing = rows.Missing == null ? TLanes.Broadcast(0f) : TLanes.Load(rows.Missing + (index * rows.Step));
        return block.Kind switch
        {
            BlockKind.Real => AddReal<TLanes, TVector>(block, factor, missing, rows, sum),
            BlockKind.Binary => AddBinary<TLanes, TVector>(block, factor, missing, rows, sum),
            _ => TLanes.MultiplyAdd(factor, UnlessMissing<TLanes, TVector>(missing, CrossEntropy<TLanes, TVector>(block, rows)), sum),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddReal<TLanes, TVector>(FeatureBlock block, TVector factor, TVector missing, ReconstructedRows rows, TVector sum)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (var feature = block.Start; feature < block.End; feature++)
        {
            var difference = TLanes.Subtract(TLanes.Load(rows.Outputs + (feature * rows.Step)), TLanes.Load(rows.Targets + (feature * rows.Step)));
            difference = UnlessMissing<TLanes, TVector>(missing, difference);
            sum = TLanes.MultiplyAdd(TLanes.Multiply(factor, difference), difference, sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddBinary<TLanes, TVector>(FeatureBlock block, TVector factor, TVector missing, ReconstructedRows rows, TVector sum)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        for (var feature = block.Start; feature < block.End; feature++)
        {
            var logit = TLanes.Load(rows.Outputs + (feature * rows.Step));
            var target = TLanes.Load(rows.Targets + (feature * rows.Step));

            // max(y, 0) - x y first: both parts are then at least 0 for x in [0, 1], and so is their sum.
            var linear = TLanes.MultiplyAdd(target, TLanes.Subtract(zero, logit), TLanes.Max(logit, zero));
            var error = TLanes.Add(linear, ElementMath.SoftplusRest<TLanes, TVector>(logit));
            sum = TLanes.MultiplyAdd(factor, UnlessMissing<TLanes, TVector>(missing, error), sum);
        }

        return sum;
    }

    private static TVector CrossEntropy<TLanes, TVector>(FeatureBlock block, ReconstructedRows rows)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var largest = TLanes.Load(rows.Outputs + (block.Start * rows.Step));
        for (var feature = block.Start + 1; feature < block.End; feature++)
            largest = TLanes.Max(TLanes.Load(rows.Outputs + (feature * rows.Step)), largest);

        var (sum, observed) = (TLanes.Broadcast(0f), TLanes.Broadcast(0f));
        for (var feature = block.Start; feature < block.End; feature++)
        {
            var logit = TLanes.Load(rows.Outputs + (feature * rows.Step));
            sum = TLanes.Add(sum, ElementMath.Exp<TLanes, TVector>(TLanes.Subtract(logit, largest)));
            observed = TLanes.MultiplyAdd(TLanes.Load(rows.Targets + (feature * rows.Step)), logit, observed);
        }

        // The sum is at least 1, so both parts are at least 0.
        return TLanes.Add(TLanes.Subtract(largest, observed), ElementMath.Log<TLanes, TVector>(sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector UnlessMissing<TLanes, TVector>(TVector missing, TVector value)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        return TLanes.SelectGreater(missing, zero, zero, value);
    }
}
