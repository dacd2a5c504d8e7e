using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants;

/// <summary>Holds networks that learn and score each for itself; their scores are calibrated on the held-out rows and combined by <see cref="SurpriseMix"/>.</summary>
internal sealed class Ensemble : Network
{
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
    /// <param name="rows">Names the held-out rows.</param>
    /// <param name="heldOutScores">Each member's scores of these rows where they are known, or null.</param>
    /// <returns>The ensemble's scores of these rows, each by calibrations fitted to the others.</returns>
    public float[] Calibrate(FitRows rows, IReadOnlyList<float[]?> heldOutScores)
    {
        var count = rows.HeldOut.Length;
        var surprises = new float[Members.Count * count];
        for (var i = 0; i < Members.Count; i++)
        {
            // What overflowed is as far from normal as can be, here as when scoring.
            var scores = Array.ConvertAll(heldOutScores[i] ?? FreezeMember(i, rows).ScoreAt(rows.Set.Values, rows.Set.Missing, rows.HeldOut), score => float.IsFinite(score) ? score : float.MaxValue);
            Parameters.Device.Upload(TailCalibration.Fit(scores).Values, _calibrations[i]);
            HeldOutTails.Surprises(scores).CopyTo(surprises, i * count);
        }

        var mixed = new float[count];
        SurpriseMix.Combine(surprises, count, mixed);
        return mixed;
    }

    /// <summary>Computes the mean of the members' losses; they are not learned by it but each by its own.</summary>
    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var losses = Members[0].Network.RowLosses(tape, batch, context);
        for (var i = 1; i < Members.Count; i++)
            losses = Arithmetic.Add(tape, losses, Members[i].Network.RowLosses(tape, batch, context));
        return Arithmetic.Scale(tape, losses, 1f / Members.Count);
    }

    /// <summary>Combines the members' own scores; where a member's options select others, the frozen model alone knows them.</summary>
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
        new FrozenEnsembleModel([.. Members.Select(member => member.Freeze())], [.. _calibrations.Select((_, i) => Calibration(i))]);

    private FrozenModel FreezeMember(int member, FitRows rows) => rows.Donors.Over(Members[member].Freeze());

    private TailCalibration Calibration(int member) => TailCalibration.Restore(_calibrations[member].ToArray());
}
