using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Training;

/// <summary>Holds windows out in runs, so that no record of a held-out window is learned from.</summary>
/// <remarks>
/// Windows that begin one record apart are nearly the same: held out one by one, each would have been seen in its neighbours, and the threshold would come out
/// too low. The training windows that share a record with a held-out one are left out of both parts.
/// </remarks>
internal static class WindowSplit
{
    // Long runs lose few windows at their ends; several runs see more of the stream than one.
    private const int RunWindows = 8;
    private const int FewestRuns = 4;

    /// <summary>Splits the rows of a set of windows.</summary>
    /// <param name="set">Windows, ascending.</param>
    /// <param name="heldOutShare">Share of the windows to hold out.</param>
    /// <param name="random">Chooses the runs.</param>
    /// <returns>Both parts, ascending.</returns>
    /// <exception cref="ArgumentException">Too few windows are left to learn from.</exception>
    public static (int[] Training, int[] HeldOut) Of(TrainingSet set, double heldOutShare, SeededRandom random)
    {
        var wanted = Math.Max(1, (int)Math.Round(set.Rows * heldOutShare));
        var length = Math.Clamp(wanted / FewestRuns, 1, RunWindows * set.Window);
        var runs = new int[(set.Rows + length - 1) / length];
        for (var i = 0; i < runs.Length; i++)
            runs[i] = i;
        random.Shuffle(runs);

        var isHeldOut = new bool[set.Rows];
        var touched = new bool[set.Records];
        var count = 0;
        foreach (var run in runs)
        {
            for (var row = run * length; row < Math.Min(set.Rows, (run + 1) * length) && count < wanted; row++, count++)
            {
                isHeldOut[row] = true;
                touched.AsSpan(set.FirstRecord(row), set.Window).Fill(true);
            }
        }

        var (training, heldOut) = (new List<int>(set.Rows - count), new List<int>(count));
        for (var row = 0; row < set.Rows; row++)
        {
            if (isHeldOut[row])
                heldOut.Add(row);
            else if (!touched.AsSpan(set.FirstRecord(row), set.Window).Contains(true))
                training.Add(row);
        }

        return training.Count >= ModelTrainer.MinRows
            ? ([.. training], [.. heldOut])
            : throw new ArgumentException(
                $"{set.Rows} windows of {set.Window} records leave {training.Count} to learn from that share no record with the {heldOut.Count} held out; "
                + $"at least {ModelTrainer.MinRows} are needed. Give more records, or a shorter window.",
                nameof(set));
    }
}
