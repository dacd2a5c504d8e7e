namespace AEAnomaly.Detection.History;

/// <summary>Weight, mean and variance of numbers that fade; the variance never comes from a difference of sums.</summary>
/// <param name="Weight">Decayed number of values.</param>
/// <param name="Mean">Decayed mean.</param>
/// <param name="Variance">Decayed variance of the population.</param>
internal readonly record struct Moments(double Weight, double Mean, double Variance)
{
    // The deviation of everybody counts as much as this many of the key's own records: few own records say little of their spread.
    private const double PriorRecords = 2;

    // Of one record nobody has a spread; two that happen to be alike would make the third a hundred deviations of it.
    private const double LeastRecords = 10;

    // One in a thousand on the logarithmic scale: what never varied anywhere still has a finite distance.
    private const double SmallestVariance = 1e-6;

    /// <summary>Lets what is there count less.</summary>
    /// <param name="factor">From 0 to 1.</param>
    public Moments Faded(double factor) => this with { Weight = Weight * factor };

    /// <summary>Adds a number (West 1979); the order of additions does not matter but for rounding.</summary>
    /// <param name="number">Number.</param>
    /// <param name="weight">How much it counts, at most 1.</param>
    public Moments With(double number, double weight)
    {
        var sum = Weight + weight;
        if (!(sum > 0))
            return this;
        var difference = number - Mean;
        var share = weight / sum;
        return new Moments(sum, Mean + (share * difference), Weight / sum * (Variance + (share * difference * difference)));
    }

    /// <summary>Tells how far a number lies from the mean, in deviations of a prediction: both the spread and what is not known of the mean count. 0 where nothing is remembered, or too little of all keys.</summary>
    /// <param name="number">Number.</param>
    /// <param name="everybody">What is remembered of all keys.</param>
    public double Deviations(double number, Moments everybody)
    {
        if (!(Weight > 0) || everybody.Weight < LeastRecords)
            return 0;
        var variance = ((Weight * Variance) + (PriorRecords * everybody.Variance)) / (Weight + PriorRecords);
        return (number - Mean) / Math.Sqrt(Math.Max(variance, SmallestVariance) * (1 + (1 / Weight)));
    }
}
