using AEAnomaly.Models.Completion;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Scores;

/// <summary>Reads what scores are fitted to out of a training set and a frozen model.</summary>
internal static class RowReader
{
    private const int ChunkRows = 256;

    /// <summary>Reads rows.</summary>
    /// <param name="model">Model of single records.</param>
    /// <param name="set">Records.</param>
    /// <param name="donors">Complete what the rows lack.</param>
    /// <param name="rows">Indices of the rows.</param>
    /// <param name="needs">What beside the rows is read.</param>
    public static NormalRows Read(FrozenModel model, TrainingSet set, DonorRows donors, int[] rows, ScoreNeeds needs)
    {
        var (layout, count) = (set.Layout, rows.Length);
        var wantsOutputs = (needs & (ScoreNeeds.Outputs | ScoreNeeds.Residuals)) != 0;
        var read = new NormalRows
        {
            Layout = layout,
            Count = count,
            LatentWidth = model.LatentWidth,
            Values = Gather(set.Values, rows, layout.Width),
            Missing = set.Missing is null ? null : Gather(set.Missing, rows, layout.BlockCount),
            Own = (needs & ScoreNeeds.Own) != 0 ? new float[count] : [],
            Outputs = wantsOutputs ? new float[count * layout.Width] : [],
            Residuals = (needs & ScoreNeeds.Residuals) != 0 ? new float[count * layout.Width] : [],
            Latent = (needs & ScoreNeeds.Latent) != 0 ? new float[count * model.LatentWidth] : [],
        };
        if (read.Missing is not null)
            donors.Complete(rows, read.Values, read.Missing);
        if (needs == ScoreNeeds.None)
            return read;

        var scratch = model.CreateScratch();
        var residuals = new ResidualVector(layout);
        var work = new float[residuals.WorkFloats];
        for (var start = 0; start < count; start += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, count - start);
            var values = read.Values.AsSpan(start * layout.Width, chunk * layout.Width);
            var flags = read.Missing is null ? default : read.Missing.AsSpan(start * layout.BlockCount, chunk * layout.BlockCount);
            var outputs = wantsOutputs ? read.Outputs.AsSpan(start * layout.Width, chunk * layout.Width) : default;
            var own = read.Own.Length > 0 ? read.Own.AsSpan(start, chunk) : default;
            var latent = read.Latent.Length > 0 ? read.Latent.AsSpan(start * model.LatentWidth, chunk * model.LatentWidth) : default;
            model.Read(values, flags, chunk, new RowReadings(own, outputs, latent), scratch);
            if (read.Residuals.Length > 0)
                residuals.Compute(values, flags, outputs, read.Residuals.AsSpan(start * layout.Width, chunk * layout.Width), work);
        }

        return read;
    }

    private static T[] Gather<T>(T[] values, int[] rows, int width)
    {
        var gathered = new T[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * width, width).CopyTo(gathered.AsSpan(i * width));
        return gathered;
    }
}
