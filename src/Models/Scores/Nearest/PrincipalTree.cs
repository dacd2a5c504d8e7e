namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Puts points into cells of equal size that lie together, by halving them again and again across the direction in which they vary most.</summary>
/// <remarks>R. F. Sproull, Refinements to nearest-neighbor searching in k-dimensional trees, Algorithmica 6 (1991). The same points give the same cells on every machine.</remarks>
internal static class PrincipalTree
{
    /// <summary>Orders the points so that each run of so many is a cell; the last one holds what is left.</summary>
    /// <param name="points">Points, row-major <c>[rows, width]</c>.</param>
    /// <param name="width">Values of a point.</param>
    /// <param name="cellRows">Points of a cell.</param>
    /// <returns>The points' indices; ascending in each cell.</returns>
    public static int[] Order(ReadOnlySpan<float> points, int width, int cellRows)
    {
        int[] rows = [.. Enumerable.Range(0, points.Length / width)];
        Halve(points, width, cellRows, rows);
        return rows;
    }

    private static void Halve(ReadOnlySpan<float> points, int width, int cellRows, Span<int> rows)
    {
        if (rows.Length <= cellRows)
        {
            rows.Sort();
            return;
        }

        var direction = Direction(points, width, rows);
        var places = new (double Place, int Row)[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            places[i] = (Product(points.Slice(rows[i] * width, width), direction), rows[i]);
        Array.Sort(places);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = places[i].Row;

        // Whole cells to the left; only the rightmost of all may be short.
        var left = (rows.Length + cellRows - 1) / cellRows / 2 * cellRows;
        Halve(points, width, cellRows, rows[..left]);
        Halve(points, width, cellRows, rows[left..]);
    }

    private static float[] Direction(ReadOnlySpan<float> points, int width, ReadOnlySpan<int> rows)
    {
        var mean = new double[width];
        foreach (var row in rows)
        {
            for (var j = 0; j < width; j++)
                mean[j] += (double)points[(row * width) + j] / rows.Length;
        }

        var centred = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < width; j++)
                centred[(i * width) + j] = (float)(points[(rows[i] * width) + j] - mean[j]);
        }

        return LeadingDirections.Find(centred, rows.Length, width, 1);
    }

    private static double Product(ReadOnlySpan<float> point, float[] direction)
    {
        var sum = 0.0;
        for (var j = 0; j < direction.Length; j++)
            sum += point[j] * (double)direction[j];
        return sum;
    }
}
