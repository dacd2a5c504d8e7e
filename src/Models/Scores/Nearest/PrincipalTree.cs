namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Puts points into cells of equal size that lie together, by halving them again and again across the direction in which they vary most.</summary>
/// <remarks>R. F. Sproull, Refinements to nearest-neighbor searching in k-dimensional trees, Algorithmica 6 (1991). The same points give the same cells on every machine.</remarks>
internal static class PrincipalTree
{
    private const int Iterations = 6;

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

    // Power iteration on the covariance, from the vector of standard deviations.
    private static double[] Direction(ReadOnlySpan<float> points, int width, ReadOnlySpan<int> rows)
    {
        var (mean, direction, next) = (new double[width], new double[width], new double[width]);
        foreach (var row in rows)
        {
            for (var j = 0; j < width; j++)
                mean[j] += (double)points[(row * width) + j] / rows.Length;
        }

        foreach (var row in rows)
        {
            for (var j = 0; j < width; j++)
                direction[j] += Math.Pow(points[(row * width) + j] - mean[j], 2);
        }

        for (var j = 0; j < width; j++)
            direction[j] = Math.Sqrt(direction[j]);
        for (var i = 0; i < Iterations; i++)
        {
            var length = Math.Sqrt(direction.Sum(value => value * value));
            if (!(length > 0))
                break;
            var offset = 0.0;
            for (var j = 0; j < width; j++)
            {
                direction[j] /= length;
                offset += direction[j] * mean[j];
                next[j] = 0;
            }

            foreach (var row in rows)
            {
                var point = points.Slice(row * width, width);
                var place = Product(point, direction) - offset;
                for (var j = 0; j < width; j++)
                    next[j] += place * (point[j] - mean[j]);
            }

            (direction, next) = (next, direction);
        }

        return direction;
    }

    private static double Product(ReadOnlySpan<float> point, double[] direction)
    {
        var sum = 0.0;
        for (var j = 0; j < direction.Length; j++)
            sum += point[j] * direction[j];
        return sum;
    }
}
