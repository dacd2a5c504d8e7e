using System.Globalization;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Takes a network from its initial weights to those with the lowest held-out loss.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int StepsBetweenMeasurements = 50;

    // A step of a larger network costs more in proportion, and there are as many fewer: what a fit costs stays within bounds, as long as it still sees its rows often.
    private const int UsualWeights = 1 << 19;
    private const int LeastPasses = 32;
    private const int MostMeasuredRows = 8192;
    private const int MostPreparationRows = 2048;

    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly int[] _heldOutRows;
    private readonly int[] _order;
    private readonly SeededRandom _shuffle;
    private readonly Device _device;
    private readonly TrainingStep _step;
    private readonly int _batchRows;
    private readonly float[] _heldOutLosses;
    private readonly int[] _measuredRows;
    private readonly Action? _begin;
    private readonly int _maxSteps;
    private readonly int _stepsBetweenMeasurements;
    private int _position;

    public TrainingRun(
        Network network,
        TrainingSet set,
        TrainingOptions options,
        int[] trainingRows,
        int[] heldOutRows,
        SeededRandom random,
        int threads = 1,
        Action? begin = null)
    {
        _begin = begin;
        _network = network;
        _options = options;
        _heldOutRows = heldOutRows;
        _order = [.. trainingRows];
        _position = _order.Length;
        _shuffle = random.Split();
        _device = network.Parameters.Device;
        _step = new TrainingStep(_device, set, options, random.Split(), threads);
        _batchRows = Math.Min(options.BatchSize, _order.Length);
        _maxSteps = StepsOf(options.MaxSteps, network.Parameters.ElementCount, _order.Length, _batchRows);
        _stepsBetweenMeasurements = Math.Max(1, (int)Math.Round((double)StepsBetweenMeasurements * _maxSteps / options.MaxSteps));
        _measuredRows = RowSample.Thin(heldOutRows, MostMeasuredRows);
        _heldOutLosses = new float[_measuredRows.Length];
    }

    /// <summary>Trains through every phase, each until its step limit or until patience runs out, and puts the phase's best weights in place.</summary>
    /// <returns>The report of the last phase, steps counted over all of them; without duration.</returns>
    public TrainingReport Execute(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _step.Prepare(_network.Initialize, RowSample.Thin(_order, MostPreparationRows));
        _begin?.Invoke();
        var phases = _network.Phases;
        var (begun, share, taken) = (0, 0.0, 0);
        TrainingReport? report = null;
        for (var i = 0; i < phases.Count; i++)
        {
            share += phases[i].Share;
            var left = phases.Count - 1 - i;
            var end = left == 0 ? _maxSteps : Math.Max(begun + 1, (int)Math.Round(share * _maxSteps));
            report = Execute(phases[i], begun, Math.Max(begun + 1, end), progress, cancellationToken);
            taken += report.Steps;
            begun = end;
        }

        _step.Prepare(_network.Calibrate, RowSample.Thin(_heldOutRows, MostPreparationRows));
        if (_network.Generator is { } generator)
            _step.Prepare(generator.Calibrate, RowSample.Thin(_heldOutRows, MostPreparationRows));
        return report! with { Steps = taken, BestStep = taken - report.Steps + report.BestStep };
    }

    /// <summary>Computes the optimiser steps of a run at most.</summary>
    /// <param name="asked">Steps asked for, of a network of usual size.</param>
    /// <param name="weights">Weights of the network.</param>
    /// <param name="rows">Rows to learn from.</param>
    /// <param name="batchRows">Rows of a step.</param>
    internal static int StepsOf(int asked, long weights, int rows, int batchRows)
    {
        if (weights <= UsualWeights)
            return asked;
        var affordable = Math.Round((double)asked * UsualWeights / weights);
        var needed = Math.Ceiling((double)LeastPasses * rows / batchRows);
        return (int)Math.Clamp(Math.Max(affordable, needed), 1, asked);
    }

    /// <summary>Lets go of the working memory.</summary>
    public void Dispose() => _step.Dispose();

    private TrainingReport Execute(TrainingPhase phase, int begun, int end, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        AdamW[] optimizers = [.. phase.Objectives.Select(objective => new AdamW(_device, objective.Parameters, _options.WeightDecay))];
        try
        {
            return Execute(phase, optimizers, begun, end - begun, progress, cancellationToken);
        }
        finally
        {
            foreach (var optimizer in optimizers)
                optimizer.Dispose();
        }
    }

    private TrainingReport Execute(
        TrainingPhase phase, AdamW[] optimizers, int begun, int steps, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var schedule = new CosineSchedule(_options.LearningRate, steps);
        var best = _network.Parameters.Snapshot();
        var (bestLoss, bestStep, measurementsSinceBest) = (double.PositiveInfinity, 0, 0);
        var (trainingLoss, heldOutLoss, step, read) = (double.NaN, double.NaN, 0, 0);
        var stoppedEarly = false;
        while (step < steps && !stoppedEarly)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var goesOn = true;
            for (var i = optimizers.Length - 1; i >= 0 && goesOn; i--)
                goesOn = _step.Take(phase.Objectives[i], optimizers[i], NextRows(), (double)step / steps, schedule.Rate(step));

            step++;
            if (goesOn && step % _stepsBetweenMeasurements != 0 && step != steps)
                continue;

            trainingLoss = ReadMeanLoss(optimizers.Length, begun + read);
            read = step;
            heldOutLoss = MeasureHeldOut(phase.Objectives[0], begun + step);
            if (heldOutLoss < bestLoss)
            {
                (bestLoss, bestStep, measurementsSinceBest) = (heldOutLoss, step, 0);
                _network.Parameters.Snapshot(best);
            }
            else
            {
                measurementsSinceBest++;
                stoppedEarly = _options.Patience > 0 && measurementsSinceBest >= _options.Patience && step < steps;
            }

            progress?.Report(new TrainingProgress(phase.Name, begun + step, _maxSteps, trainingLoss, heldOutLoss));
        }

        _network.Parameters.Restore(best);
        return new TrainingReport(step, bestStep, _order.Length, _heldOutRows.Length, trainingLoss, bestLoss, TimeSpan.Zero, stoppedEarly);
    }

    /// <summary>Averages the losses of the first objective, whose turn comes last, over the steps since the last time; no loss of any may be other than finite.</summary>
    private double ReadMeanLoss(int objectives, int firstStep)
    {
        var (losses, sum) = (_step.ReadLosses(), 0.0);
        for (var i = 0; i < losses.Length; i++)
        {
            RequireFinite(losses[i], firstStep + (i / objectives));
            sum += i % objectives == objectives - 1 ? losses[i] : 0;
        }

        return sum / (losses.Length / objectives);
    }

    private ReadOnlySpan<int> NextRows()
    {
        if (_position + _batchRows > _order.Length)
        {
            _shuffle.Shuffle(_order);
            _position = 0;
        }

        var rows = _order.AsSpan(_position, _batchRows);
        _position += _batchRows;
        return rows;
    }

    private double MeasureHeldOut(TrainingObjective objective, int step)
    {
        _step.Measure(objective, _measuredRows, _heldOutLosses);
        var loss = TrimmedMean.Factors(_heldOutLosses, _options.Trimmed, new float[_heldOutLosses.Length]);
        RequireFinite(loss, step);
        return loss;
    }

    private void RequireFinite(double loss, int step)
    {
        if (double.IsFinite(loss))
            return;

        throw new TrainingFailedException(string.Create(
            CultureInfo.InvariantCulture,
            $"The loss became {loss} at step {step} of {_maxSteps}. Lower the learning rate (now {_options.LearningRate}) or check the training rows for extreme values."));
    }
}
