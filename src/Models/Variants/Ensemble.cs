using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Variants;

/// <summary>Holds networks that learn and score each for itself; their scores are calibrated on the held-out rows and combined by <see cref="SurpriseMix"/>.</summary>
internal sealed class Ensemble : Network
{
    private const int ChunkRows = 4096;

    private readonly Tensor[] _calibrations;

    /// <param name="layout">Layout of a row.</param>
    /// <param name="parameters">Set that holds the members' parameters.</param>
    /// <param name="members">Members, at least one.</param>
    public Ensemble(FeatureLayout layout, ParameterSet parameters, IReadOnlyList<EnsembleMember> members)
        : base(layout, parameters)
    {
        Members = members;
        _calibrations = [.. members.Select((_, i) => parameters.Create(
            $"calibration.{i}", new Shape(TailCalibration.ValueCount), ParameterRole.Constant, static values => TailCalibration.Fit([0]).Values.CopyTo(values)))];
    }

    /// <summary>Gets the members.</summary>
    public IReadOnlyList<EnsembleMember> Members { get; }

    /// <summary>Calibrates every member on the rows that none of them learned from.</summary>
    public void Calibrate(FitRows fit)
    {
        var scores = new float[fit.HeldOut.Length];
        for (var i = 0; i < Members.Count; i++)
        {
            ScoreHeldOut(Members[i].Network.Freeze(), fit, scores);

            // What overflowed is as far from normal as can be, here as when scoring.
            foreach (ref var score in scores.AsSpan())
                score = float.IsFinite(score) ? score : float.MaxValue;
            Parameters.Device.Upload(TailCalibration.Fit(scores).Values, _calibrations[i]);
        }
    }

    /// <summary>Computes the mean of the members' losses; they are not learned by it but each by its own.</summary>
    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var losses = Members[0].Network.RowLosses(tape, batch, context);
        for (var i = 1; i < Members.Count; i++)
            losses = Arithmetic.Add(tape, losses, Members[i].Network.RowLosses(tape, batch, context));
        return Arithmetic.Scale(tape, losses, 1f / Members.Count);
    }

    public override Tensor Scores(Batch batch)
    {
        var surprises = new float[Members.Count * batch.Rows];
        for (var i = 0; i < Members.Count; i++)
        {
            var own = surprises.AsSpan(i * batch.Rows, batch.Rows);
            Parameters.Device.Download(Members[i].Network.Scores(batch), own);
            Calibration(i).Apply(own);
        }

        var mixed = new float[batch.Rows];
        SurpriseMix.Combine(surprises, batch.Rows, mixed);
        return Parameters.Device.Create(new Shape(batch.Rows), mixed);
    }

    public override FrozenModel Freeze() =>
        new FrozenEnsembleModel([.. Members.Select(member => member.Network.Freeze())], [.. _calibrations.Select((_, i) => Calibration(i))]);

    private TailCalibration Calibration(int member) => TailCalibration.Restore(_calibrations[member].ToArray());

    private static void ScoreHeldOut(FrozenModel member, FitRows fit, Span<float> scores)
    {
        var (width, blocks) = (fit.Set.Layout.Width, fit.Set.Layout.BlockCount);
        var scratch = member.CreateScratch();
        var values = new float[Math.Min(ChunkRows, scores.Length) * width];
        var missing = fit.Set.Missing is null ? [] : new byte[Math.Min(ChunkRows, scores.Length) * blocks];
        for (var done = 0; done < scores.Length; done += ChunkRows)
        {
            var count = Math.Min(ChunkRows, scores.Length - done);
            for (var i = 0; i < count; i++)
            {
                var row = fit.HeldOut[done + i];
                fit.Set.Values.AsSpan(row * width, width).CopyTo(values.AsSpan(i * width));
                fit.Set.Missing?.AsSpan(row * blocks, blocks).CopyTo(missing.AsSpan(i * blocks));
            }

            var flags = missing.Length == 0 ? default : missing.AsSpan(0, count * blocks);
            member.Score(values.AsSpan(0, count * width), flags, scores.Slice(done, count), scratch);
        }
    }
}
