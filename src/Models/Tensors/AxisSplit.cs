namespace AEAnomaly.Models.Tensors;

/// <summary>Views a row-major tensor as <c>[Outer, Axis, Inner]</c>; the middle one is summed away or broadcast along.</summary>
/// <remarks>
/// One description serves sums over adjacent axes and the broadcasts they are the gradients of: a bias over rows is (1, rows, columns),
/// a factor for each row is (rows, columns, 1), a scalar is (1, all, 1).
/// </remarks>
internal readonly record struct AxisSplit(int Outer, int Axis, int Inner)
{
    /// <summary>Gets the number of elements that remain when the middle axis is summed away.</summary>
    public int ReducedCount => Outer * Inner;

    /// <summary>Splits a shape at the adjacent axes <paramref name="firstAxis"/> to <paramref name="lastAxis"/>, both included.</summary>
    public static AxisSplit Over(Shape shape, int firstAxis, int lastAxis)
    {
        var (outer, axis, inner) = (1, 1, 1);
        for (var i = 0; i < shape.Rank; i++)
        {
            if (i < firstAxis)
                outer *= shape[i];
            else if (i <= lastAxis)
                axis *= shape[i];
            else
                inner *= shape[i];
        }

        return new AxisSplit(outer, axis, inner);
    }

    /// <summary>Finds how <paramref name="small"/> is broadcast over <paramref name="large"/>; axes align at the end, as in numpy.</summary>
    /// <returns>False when the shapes do not fit, or fit only along axes that are not adjacent.</returns>
    public static bool TryBroadcast(Shape large, Shape small, out AxisSplit split)
    {
        split = default;
        var offset = large.Rank - small.Rank;
        if (offset < 0)
            return false;

        var (first, last) = (-1, -1);
        for (var i = 0; i < large.Rank; i++)
        {
            var extent = i < offset ? 1 : small[i - offset];
            if (extent == large[i])
                continue;
            if (extent != 1 || (last >= 0 && !OnlyOnesBetween(large, last, i)))
                return false;
            first = first < 0 ? i : first;
            last = i;
        }

        split = first < 0 ? new AxisSplit(1, 1, large.Count) : Over(large, first, last);
        return true;
    }

    private static bool OnlyOnesBetween(Shape shape, int left, int right)
    {
        for (var i = left + 1; i < right; i++)
        {
            if (shape[i] != 1)
                return false;
        }

        return true;
    }
}
