using AEAnomaly.Detection.Records;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Says which rows are trained on and which are tested.</summary>
/// <param name="Training">Rows trained on, ascending.</param>
/// <param name="Test">Rows tested, ascending.</param>
/// <param name="Description">In words, for reports.</param>
internal sealed record RowSplit(int[] Training, int[] Test, string Description)
{
    /// <summary>Takes half of the normal rows, chosen by the seed, for training; the rest and all anomalies are tested.</summary>
    public static RowSplit Semi(ReadOnlySpan<bool> labels, int seed)
    {
        var normals = new List<int>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (!labels[i])
                normals.Add(i);
        }

        var order = normals.ToArray();
        new Random(seed).Shuffle(order);
        var isTraining = new bool[labels.Length];
        foreach (var row in order.AsSpan(0, (order.Length + 1) / 2))
            isTraining[row] = true;
        return OfMask(isTraining, $"semi: half of the normal rows for training (seed {seed})");
    }

    public static RowSplit Unsupervised(int rows)
    {
        var all = Enumerable.Range(0, rows).ToArray();
        return new RowSplit(all, all, "unsupervised: trained and tested on all rows");
    }

    /// <summary>Splits by a mask over the rows of the file.</summary>
    /// <param name="mask">True for training, one for each row of the file.</param>
    /// <param name="records">Good rows; their origins say which rows of the file they are.</param>
    /// <param name="description">In words, for reports.</param>
    public static RowSplit ByFileRows(IReadOnlyList<bool> mask, RecordBatch records, string description)
    {
        var isTraining = new bool[records.Count];
        for (var i = 0; i < isTraining.Length; i++)
            isTraining[i] = mask[(int)records.Origins[i].Offset];
        return OfMask(isTraining, description);
    }

    private static RowSplit OfMask(bool[] isTraining, string description) => new(
        [.. Enumerable.Range(0, isTraining.Length).Where(i => isTraining[i])],
        [.. Enumerable.Range(0, isTraining.Length).Where(i => !isTraining[i])],
        description);
}
