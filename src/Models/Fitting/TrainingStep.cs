using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Takes optimiser steps on batches of a training set, and measures losses without learning.</summary>
/// <remarks>
/// Where the losses of rows are independent, a batch goes through the network in chunks, so that what lies between the layers stays in the processor's cache. Chunks
/// belong to two lanes in turn, and gradients are summed within a lane in order, then over the lanes: the result is the same on one thread and on two.
/// </remarks>
internal sealed class TrainingStep : IDisposable
{
    // Measured: more rows at a time leave a second-level cache of 1 MB between the layers of a network 256 wide; fewer pay more often for starting and ending a tile.
    private const int ChunkRows = 256;

    // From here on a batch is worth a second thread even when it is a single chunk: about a tenth of a millisecond of work for each.
    private const long SmallestSplitWork = 1L << 23;

    private const int MeasuredChunkRows = 512;

    private readonly TrainingOptions _options;
    private readonly SeededRandom _noise;
    private readonly TrainingLane[] _lanes;
    private readonly LaneRunner _runner;
    private float[] _losses = [];
    private float[] _factors = [];
    private int[] _rows = [];

    /// <param name="device">Device of the network's parameters.</param>
    /// <param name="set">Rows.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="noise">Source of the noise a network adds while it learns.</param>
    /// <param name="threads">Threads to work on, 1 or 2; the result does not depend on it.</param>
    public TrainingStep(Device device, TrainingSet set, TrainingOptions options, SeededRandom noise, int threads = 1)
    {
        _options = options;
        _noise = noise;
        _lanes = [new TrainingLane(device, set), new TrainingLane(device.CreateSibling(), set)];
        _runner = new LaneRunner(threads);
    }

    /// <summary>Computes the loss of a batch and its gradient, and takes one step.</summary>
    /// <param name="objective">What to minimise.</param>
    /// <param name="optimizer">Optimiser of the objective's parameters.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="progress">Share of the run that is done, 0 to 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <returns>The trimmed mean of the rows' losses; where it is not finite, no step was taken.</returns>
    public double Take(TrainingObjective objective, AdamW optimizer, ReadOnlySpan<int> rows, double progress, double learningRate)
    {
        if (_losses.Length != rows.Length)
            (_losses, _factors, _rows) = (new float[rows.Length], new float[rows.Length], new int[rows.Length]);

        rows.CopyTo(_rows);
        using var first = _lanes[0].Begin();
        using var second = _lanes[1].Begin();
        var chunks = objective.RowsAreIndependent ? Chunks(rows.Length, optimizer.ElementCount) : 1;
        for (var i = 0; i < chunks; i++)
        {
            var start = (int)((long)i * rows.Length / chunks);
            var end = (int)((long)(i + 1) * rows.Length / chunks);
            _lanes[i % _lanes.Length].Add(start, end - start, chunks == 1 ? _noise : _noise.Split());
        }

        var isSplit = chunks > 1;
        Run(isSplit, lane => _lanes[lane].Forward(objective, optimizer, _rows, progress, _losses));
        var loss = TrimmedMean.Factors(_losses, objective.TrimsWorstRows ? _options.TrimShare : 0, _factors);
        if (!double.IsFinite(loss))
            return loss;

        Run(isSplit, lane => _lanes[lane].Backward(_factors));
        if (isSplit)
            optimizer.AddGradients(_lanes[1].Gradients, _lanes[0].Gradients);
        optimizer.Step(_lanes[0].Gradients, learningRate, _options.GradientClipNorm);
        return loss;
    }

    /// <summary>Computes the loss of each row as on held-out rows: schedules ended, no noise.</summary>
    /// <param name="objective">Loss.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="losses">Receives the losses; as long.</param>
    public void Measure(TrainingObjective objective, int[] rows, float[] losses)
    {
        Run(objective.RowsAreIndependent, Measure);

        void Measure(int lane)
        {
            var (from, by) = objective.RowsAreIndependent ? (lane * MeasuredChunkRows, _lanes.Length * MeasuredChunkRows) : (0, MeasuredChunkRows);
            for (var start = from; start < rows.Length; start += by)
            {
                var count = Math.Min(MeasuredChunkRows, rows.Length - start);
                _lanes[lane].Measure(objective, rows.AsSpan(start, count), losses.AsSpan(start, count));
            }
        }
    }

    /// <summary>Hands rows to a network outside of a step.</summary>
    public void Prepare(Action<Batch> prepare, ReadOnlySpan<int> rows) => _lanes[0].Prepare(prepare, rows);

    /// <summary>Ends the helper thread and lets go of the memory kept for further steps.</summary>
    public void Dispose()
    {
        _runner.Dispose();
        foreach (var lane in _lanes)
            lane.Device.ReleasePool();
    }

    private static int Chunks(int rows, long parameters)
    {
        var least = rows * parameters >= SmallestSplitWork ? Math.Min(rows, LaneRunner.Lanes) : 1;
        return Math.Max(least, (rows + ChunkRows - 1) / ChunkRows);
    }

    private void Run(bool isSplit, Action<int> work)
    {
        if (isSplit)
            _runner.Run(work);
        else
            work(0);
    }
}
