using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Takes optimiser steps on batches of a training set, and measures losses without learning.</summary>
/// <remarks>
/// Where the losses of rows are independent, a batch goes through the network in chunks as the device plans it: so that what lies between the layers stays in a processor's
/// cache, or whole. Chunks belong to the lanes in turn, and gradients are summed within a lane in order, then over the lanes: the result is the same on one thread and on two.
/// </remarks>
internal sealed class TrainingStep : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly SeededRandom _noise;
    private readonly WorkPlan _plan;
    private readonly TrainingLane[] _lanes;
    private readonly LaneRunner _runner;
    private readonly LossTrace _trace;
    private int[] _rows = [];

    /// <param name="device">Device of the network's parameters.</param>
    /// <param name="set">Rows.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="noise">Source of the noise a network adds while it learns.</param>
    /// <param name="threads">Threads to work on, 1 or 2, as far as the device's plan allows it; the result does not depend on it.</param>
    public TrainingStep(Device device, TrainingSet set, TrainingOptions options, SeededRandom noise, int threads = 1)
    {
        _options = options;
        _noise = noise;
        _plan = device.Plan;
        _lanes = [.. Enumerable.Range(0, _plan.Lanes).Select(lane => new TrainingLane(lane == 0 ? device : device.CreateSibling(), set))];
        _runner = new LaneRunner(_lanes.Length == 1 ? 1 : threads);
        _trace = LossTrace.Create(device);
    }

    /// <summary>Computes the loss of a batch, the trimmed mean of its rows' losses, and its gradient, and takes one step.</summary>
    /// <param name="objective">What to minimise.</param>
    /// <param name="optimizer">Optimiser of the objective's parameters.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="progress">Share of the run that is done, 0 to 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <returns>False when the loss is known not to be finite, and no step was taken; an accelerator tells only by <see cref="ReadLosses"/>.</returns>
    public bool Take(TrainingObjective objective, AdamW optimizer, ReadOnlySpan<int> rows, double progress, double learningRate)
    {
        if (_rows.Length != rows.Length)
            _rows = new int[rows.Length];

        rows.CopyTo(_rows);
        foreach (var lane in _lanes)
            lane.Begin();
        try
        {
            var chunks = objective.RowsAreIndependent ? Chunks(rows.Length, optimizer.ElementCount) : 1;
            for (var i = 0; i < chunks; i++)
            {
                var start = (int)((long)i * rows.Length / chunks);
                var end = (int)((long)(i + 1) * rows.Length / chunks);
                _lanes[i % _lanes.Length].Add(start, end - start, chunks == 1 ? _noise : _noise.Split());
            }

            return Take(objective, optimizer, chunks > 1, progress, learningRate);
        }
        finally
        {
            foreach (var lane in _lanes)
                lane.End();
        }
    }

    /// <summary>Reads the losses of the batches since the last time, in the order they were taken.</summary>
    public double[] ReadLosses() => _trace.Read();

    /// <summary>Computes the loss of each row as on held-out rows: schedules ended, no noise.</summary>
    /// <param name="objective">Loss.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="losses">Receives the losses; as long.</param>
    public void Measure(TrainingObjective objective, int[] rows, float[] losses)
    {
        var isSplit = objective.RowsAreIndependent && _lanes.Length > 1;
        Run(isSplit, Measure);

        void Measure(int lane)
        {
            var (from, by) = isSplit ? (lane * _plan.MeasuredRows, _lanes.Length * _plan.MeasuredRows) : (0, _plan.MeasuredRows);
            for (var start = from; start < rows.Length; start += by)
            {
                var count = Math.Min(_plan.MeasuredRows, rows.Length - start);
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
        _trace.Dispose();
        foreach (var lane in _lanes)
            lane.Dispose();
        foreach (var sibling in _lanes.Skip(1))
            sibling.Device.Dispose();
    }

    private bool Take(TrainingObjective objective, AdamW optimizer, bool isSplit, double progress, double learningRate)
    {
        var shared = _lanes[0].Device;
        var parts = isSplit ? shared.Create(new Shape(_rows.Length)) : null;
        Run(isSplit, lane => _lanes[lane].Forward(objective, optimizer, _rows, progress, parts));
        var factors = shared.Create(new Shape(_rows.Length));
        if (!_trace.Add(parts ?? _lanes[0].FirstLosses, objective.TrimsWorstRows ? _options.Trimmed : 0, factors))
            return false;

        Run(isSplit, lane => _lanes[lane].Backward(factors));
        if (isSplit && _lanes.Length > 1)
            optimizer.AddGradients(_lanes[1].Gradients, _lanes[0].Gradients);
        optimizer.Step(_lanes[0].Gradients, learningRate, _options.GradientClipNorm);
        return true;
    }

    private int Chunks(int rows, long parameters)
    {
        var least = rows * parameters >= _plan.SmallestSplitWork ? Math.Min(rows, _lanes.Length) : 1;
        return Math.Max(least, 1 + ((rows - 1) / _plan.ChunkRows));
    }

    private void Run(bool isSplit, Action<int> work)
    {
        if (isSplit && _lanes.Length > 1)
            _runner.Run(work);
        else
            work(0);
    }
}
