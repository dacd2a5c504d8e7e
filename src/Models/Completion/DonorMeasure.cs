namespace AEAnomaly.Models.Completion;

/// <summary>Measures features so that plain distances compare rows: each without its mean, divided by the root of its variance plus the mean variance.</summary>
internal sealed class DonorMeasure
{
    private readonly DonorShape _shape;
    private readonly float[] _means;
    private readonly float[] _weights;
    private readonly float[] _squares;

    private DonorMeasure(DonorShape shape, double[] means, double[] variances)
    {
        _shape = shape;
        _means = Array.ConvertAll(means, mean => (float)mean);
        var usual = variances.Average();
        _weights = Array.ConvertAll(variances, variance => usual > 0 ? (float)(1 / Math.Sqrt(variance + usual)) : 1);
        _squares = [.. variances.Zip(_weights, (variance, weight) => (float)(variance * weight * weight))];
    }

    /// <summary>Fits means and variances of a record's features to the donors that have them.</summary>
    public static DonorMeasure Fit(DonorTable donors)
    {
        var shape = donors.Shape;
        var (means, squares, counts) = (new double[shape.RecordWidth], new double[shape.RecordWidth], new double[shape.RecordWidth]);
        for (var donor = 0; donor < donors.Count; donor++)
        {
            var values = donors.ValuesOf(donor);
            for (var block = 0; block < shape.Blocks; block++)
            {
                for (var j = shape.StartOf(block); j < shape.StartOf(block) + shape.WidthOf(block) && donors.Has(donor, block); j++)
                {
                    // Welford's update: nothing cancels.
                    var feature = j % shape.RecordWidth;
                    var difference = values[j] - means[feature];
                    means[feature] += difference / ++counts[feature];
                    squares[feature] += difference * (values[j] - means[feature]);
                }
            }
        }

        return new DonorMeasure(shape, means, [.. squares.Zip(counts, (square, count) => count > 0 ? square / count : 0)]);
    }

    /// <summary>Places a row; what is missing is at the mean.</summary>
    /// <param name="values">Row.</param>
    /// <param name="missing">Its flags.</param>
    /// <param name="point">Receives the point.</param>
    public void Place(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, Span<float> point)
    {
        for (var block = 0; block < _shape.Blocks; block++)
            PlaceBlock(block, values, missing[block] == 0, point);
    }

    /// <summary>Places a donor.</summary>
    public void PlaceDonor(DonorTable donors, int donor, Span<float> point)
    {
        for (var block = 0; block < _shape.Blocks; block++)
            PlaceBlock(block, donors.ValuesOf(donor), donors.Has(donor, block), point);
    }

    /// <summary>Gets the squared distance of a block from its mean that is usual.</summary>
    public float UsualSquare(int block)
    {
        var (start, sum) = (_shape.StartOf(block) % _shape.RecordWidth, 0f);
        for (var j = start; j < start + _shape.WidthOf(block); j++)
            sum += _squares[j];
        return sum;
    }

    private void PlaceBlock(int block, ReadOnlySpan<float> values, bool isPresent, Span<float> point)
    {
        var (start, width) = (_shape.StartOf(block), _shape.WidthOf(block));
        for (var j = start; j < start + width; j++)
        {
            var feature = j % _shape.RecordWidth;
            point[j] = isPresent ? (values[j] - _means[feature]) * _weights[feature] : 0;
        }
    }
}
