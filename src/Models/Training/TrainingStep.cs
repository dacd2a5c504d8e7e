using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Training;

/// <summary>Takes optimiser steps on batches of a training set, and measures losses without learning.</summary>
/// <param name="device">Device of the network's parameters.</param>
/// <param name="set">Rows.</param>
/// <param name="options">How to fit.</param>
/// <param name="noise">Source of the noise a network adds while it learns.</param>
internal sealed class TrainingStep(Device device, TrainingSet set, TrainingOptions options, SeededRandom noise)
{
    private const int MeasuredChunkRows = 512;

    private readonly BatchSource _source = new(device, set);
    private readonly Tape _tape = new(device);
    private float[] _losses = [];
    private float[] _factors = [];

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
            (_losses, _factors) = (new float[rows.Length], new float[rows.Length]);

        using var scope = device.BeginScope();
        _tape.Clear();
        optimizer.Watch(_tape);
        var losses = objective.RowLosses(_tape, _source.Gather(rows), new LossContext(progress, noise));
        device.Download(losses, _losses);
        var loss = TrimmedMean.Factors(_losses, objective.TrimsWorstRows ? options.TrimShare : 0, _factors);
        if (!double.IsFinite(loss))
            return loss;

        _tape.Backward(losses, device.Create(losses.Shape, _factors));
        optimizer.Step(_tape, learningRate, options.GradientClipNorm);
        return loss;
    }

    /// <summary>Computes the loss of each row as on held-out rows: schedules ended, no noise.</summary>
    /// <param name="objective">Loss.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="losses">Receives the losses; as long.</param>
    public void Measure(TrainingObjective objective, ReadOnlySpan<int> rows, Span<float> losses)
    {
        for (var start = 0; start < rows.Length; start += MeasuredChunkRows)
        {
            using var scope = device.BeginScope();
            var count = Math.Min(MeasuredChunkRows, rows.Length - start);
            device.Download(objective.RowLosses(null, _source.Gather(rows.Slice(start, count)), LossContext.HeldOut), losses.Slice(start, count));
        }
    }

    /// <summary>Hands rows to a network outside of a step.</summary>
    public void Prepare(Action<Batch> prepare, ReadOnlySpan<int> rows)
    {
        using var scope = device.BeginScope();
        prepare(_source.Gather(rows));
    }
}
