namespace AEAnomaly.Models.Scores;

/// <summary>Extrapolates a distribution beyond a limit with a generalised Pareto tail: P(excess > x) = (1 + shape x / scale)^(-1 / shape).</summary>
/// <remarks>
/// The shape is estimated as by Zhang and Stephens, "A New and Efficient Estimation Method for the Generalized Pareto Distribution", Technometrics 2009, and drawn
/// towards 0.5 by ten imagined rows (Vehtari et al., "Pareto Smoothed Importance Sampling", 2015), which settles it where excesses are few. It is kept positive,
/// because a tail that ends gives every greater score the same probability, zero.
/// </remarks>
/// <param name="Scale">Scale in units of the score, greater than 0.</param>
/// <param name="Shape">Shape, <see cref="LeastShape"/> to <see cref="GreatestShape"/>; the greater, the heavier the tail.</param>
internal readonly record struct ParetoTail(double Scale, double Shape)
{
    /// <summary>Shape that is nearly an exponential tail; the logarithm of its probability still stays finite for any finite score.</summary>
    public const double LeastShape = 0.05;

    /// <summary>Shape of a tail whose mean does not exist; nothing heavier helps.</summary>
    public const double GreatestShape = 2;

    private const double ImaginedRows = 10;
    private const double ImaginedShape = 0.5;
    private const int Bisections = 60;

    /// <summary>Computes -ln P(excess > x).</summary>
    /// <param name="excess">Excess over the limit, at least 0.</param>
    public double Surprise(double excess) => Math.Log(1 + (Shape * excess / Scale)) / Shape;

    /// <summary>Fits the tail to excesses.</summary>
    /// <param name="excesses">Excesses over the limit, greater than 0 and ascending; at least one.</param>
    public static ParetoTail Fit(ReadOnlySpan<double> excesses)
    {
        var count = excesses.Length;
        var shape = ((count * EstimateShape(excesses)) + (ImaginedRows * ImaginedShape)) / (count + ImaginedRows);
        shape = Math.Clamp(shape, LeastShape, GreatestShape);
        return new ParetoTail(FitScale(excesses, shape), shape);
    }

    // The mean of theta = -shape / scale over its posterior on a grid; the shape then follows from theta alone.
    private static double EstimateShape(ReadOnlySpan<double> excesses)
    {
        var grid = 20 + (int)Math.Sqrt(excesses.Length);
        var quartile = excesses[Math.Max((int)((excesses.Length / 4.0) + 0.5), 1) - 1];
        var thetas = new double[grid];
        var likelihoods = new double[grid];
        for (var i = 0; i < grid; i++)
        {
            thetas[i] = (1 / excesses[^1]) + ((1 - Math.Sqrt(grid / (i + 0.5))) / (3 * quartile));
            var shape = ShapeOf(excesses, thetas[i]);
            var likelihood = excesses.Length * (Math.Log(-thetas[i] / shape) - shape - 1);
            likelihoods[i] = double.IsFinite(likelihood) ? likelihood : double.NegativeInfinity;
        }

        var greatest = likelihoods.Max();
        if (double.IsNegativeInfinity(greatest))
            return ImaginedShape;

        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < grid; i++)
        {
            var weight = Math.Exp(likelihoods[i] - greatest);
            sum += weight * thetas[i];
            weights += weight;
        }

        return ShapeOf(excesses, sum / weights);
    }

    private static double ShapeOf(ReadOnlySpan<double> excesses, double theta)
    {
        var sum = 0.0;
        foreach (var excess in excesses)
            sum += Math.Log(1 - (theta * excess));
        return sum / excesses.Length;
    }

    // -ln of the tail probability of a draw is exponentially distributed with mean 1, whatever the distribution: the scale that gives this mean. One outlier
    // moves it by a logarithm only.
    private static double FitScale(ReadOnlySpan<double> excesses, double shape)
    {
        var (low, high) = (Math.Log(excesses[0] / 10), Math.Log(excesses[^1]));
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            var tail = new ParetoTail(Math.Exp(middle), shape);
            var sum = 0.0;
            foreach (var excess in excesses)
                sum += tail.Surprise(excess);
            if (sum > excesses.Length)
                low = middle;
            else
                high = middle;
        }

        return Math.Exp((low + high) / 2);
    }
}
