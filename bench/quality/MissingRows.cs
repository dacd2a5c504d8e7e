using AEAnomaly.Detection.Evaluation;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds rows to test, of one record or a window of them, and takes fields away from them.</summary>
/// <param name="layout">Layout of a record.</param>
/// <param name="window">Records of a row.</param>
/// <param name="values">Features <c>[rows, window, layout.Width]</c>.</param>
/// <param name="isAnomaly">For each row whether it is an anomaly.</param>
internal sealed class MissingRows(FeatureLayout layout, int window, float[] values, bool[] isAnomaly)
{
    private const int Draws = 8;

    private readonly int _width = window * layout.Width;
    private readonly int _blocks = window * layout.BlockCount;

    private int Rows => isAnomaly.Length;

    /// <summary>Scores the rows whole.</summary>
    public float[] ScoreWhole(FrozenModel model) => Score(model, values, default);

    /// <summary>Leaves each field out in turn, and then a third of them.</summary>
    /// <param name="model">Model.</param>
    /// <param name="threshold">Threshold.</param>
    public MissingFigures Measure(FrozenModel model, double threshold)
    {
        var single = Enumerable.Range(0, layout.BlockCount).Select(block => Without(model, threshold, [block])).ToList();
        var (random, third, blocks) = (new Random(1), new List<(double Flagged, double? Auc)>(), Enumerable.Range(0, layout.BlockCount).ToArray());
        for (var draw = 0; draw < Draws; draw++)
        {
            random.Shuffle(blocks);
            third.Add(Without(model, threshold, blocks[..Math.Max(1, blocks.Length / 3)]));
        }

        return new MissingFigures(
            single.Average(s => s.Flagged), single.Max(s => s.Flagged), single.Average(s => s.Auc), third.Average(s => s.Flagged), third.Average(s => s.Auc));
    }

    /// <summary>Gives the share of normal rows above a threshold.</summary>
    public double Flagged(float[] scores, double threshold) =>
        Enumerable.Range(0, Rows).Where(row => !isAnomaly[row]).Average(row => scores[row] > threshold ? 1.0 : 0.0);

    /// <summary>Gives the area under the ROC curve, or null where nothing or everything is an anomaly.</summary>
    public double? Auc(float[] scores) => isAnomaly.Contains(true) && isAnomaly.Contains(false) ? DetectionQuality.Measure(scores, isAnomaly, 0).AucRoc : null;

    // A sensor that is gone: the field is missing in every record of a window.
    private (double Flagged, double? Auc) Without(FrozenModel model, double threshold, int[] fields)
    {
        var (kept, missing) = ((float[])values.Clone(), new byte[Rows * _blocks]);
        for (var record = 0; record < Rows * window; record++)
        {
            foreach (var field in fields)
            {
                var block = layout.Blocks[field];
                missing[(record * layout.BlockCount) + field] = 1;
                kept.AsSpan((record * layout.Width) + block.Start, block.Width).Clear();
            }
        }

        var scores = Score(model, kept, missing);
        return (Flagged(scores, threshold), Auc(scores));
    }

    private float[] Score(FrozenModel model, float[] rows, ReadOnlySpan<byte> missing)
    {
        var scores = new float[rows.Length / _width];
        model.Score(rows, missing, scores, model.CreateScratch());
        return Array.ConvertAll(scores, score => float.IsFinite(score) ? score : float.MaxValue);
    }
}
