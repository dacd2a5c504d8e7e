namespace AEAnomaly.Models.Scores;

/// <summary>Turns scores of held-out rows into -ln of their tail probabilities, each by a calibration that was fitted to the others (cross-fitting).</summary>
internal static class HeldOutTails
{
    /// <summary>Parts that held-out rows are scored in, each by what was fitted to the others.</summary>
    public const int Folds = 8;

    /// <summary>Computes what rows get that nothing was fitted to; a threshold learned from it is not too low.</summary>
    /// <param name="scores">Finite scores of the held-out rows, at least one.</param>
    public static float[] Surprises(float[] scores)
    {
        var surprises = new float[scores.Length];
        if (scores.Length == 1)
            return [TailCalibration.Fit(scores).Apply(scores[0])];

        for (var fold = 0; fold < Math.Min(Folds, scores.Length); fold++)
        {
            var tail = TailCalibration.Fit([.. scores.Where((_, row) => row % Folds != fold)]);
            for (var row = fold; row < scores.Length; row += Folds)
                surprises[row] = tail.Apply(scores[row]);
        }

        return surprises;
    }
}
