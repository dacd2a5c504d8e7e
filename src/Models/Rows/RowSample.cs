namespace AEAnomaly.Models.Rows;

/// <summary>Takes fewer rows where all of them would cost too much.</summary>
internal static class RowSample
{
    /// <summary>Takes evenly spaced rows.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="most">Rows to take at most.</param>
    /// <returns>The rows themselves where there are no more.</returns>
    public static int[] Thin(int[] rows, int most)
    {
        if (rows.Length <= most)
            return rows;

        var thinned = new int[most];
        for (var i = 0; i < most; i++)
            thinned[i] = rows[(int)((long)i * rows.Length / most)];
        return thinned;
    }
}
