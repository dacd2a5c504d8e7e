using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Detection.Training;

/// <summary>Refuses what a training gave when it cannot tell normal from anomalous.</summary>
internal static class TrainingGate
{
    // A quantile of fewer scores is chance.
    public const int LeastHeldOutScores = 10;

    /// <summary>Checks the fit and the held-out scores.</summary>
    /// <exception cref="TrainingFailedException">A loss or score is not finite, or the scores do not tell records apart; the message says which.</exception>
    public static void Check(TrainingReport report, ReadOnlySpan<float> heldOutScores)
    {
        if (!double.IsFinite(report.TrainingLoss) || !double.IsFinite(report.HeldOutLoss))
        {
            throw new TrainingFailedException(
                $"The training ended with loss {report.TrainingLoss} and held-out loss {report.HeldOutLoss} after {report.Steps} steps; both must be finite. Lower fit.learning_rate.");
        }

        if (heldOutScores.Length < LeastHeldOutScores)
        {
            throw new TrainingFailedException(
                $"Only {heldOutScores.Length} records were held out; the threshold needs at least {LeastHeldOutScores}. Give a larger window or raise fit.held_out_share.");
        }

        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        foreach (var score in heldOutScores)
        {
            if (!float.IsFinite(score))
                throw new TrainingFailedException($"A held-out record scored {score}; scores must be finite. Lower fit.learning_rate.");
            least = Math.Min(least, score);
            most = Math.Max(most, score);
        }

        if (most <= least)
        {
            throw new TrainingFailedException(
                $"All {heldOutScores.Length} held-out records scored {least}: the network does not tell records apart. Check that the declared fields vary, or give a larger window.");
        }
    }

    /// <summary>Checks the threshold.</summary>
    /// <exception cref="TrainingFailedException">It is not a finite number above 0.</exception>
    public static void Check(Threshold threshold)
    {
        if (!double.IsFinite(threshold.Value) || threshold.Value <= ThresholdLearner.SmallestValue)
        {
            throw new TrainingFailedException(
                $"The threshold came out as {threshold.Value} from {threshold.HeldOutScores} held-out scores; it must be finite and above 0. Check that the declared fields vary.");
        }
    }
}
