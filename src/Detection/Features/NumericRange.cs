using System.Text.Json;

namespace AEAnomaly.Detection.Features;

/// <summary>Holds which numbers a field had in training, so that nobody is told to expect -12 where no value was ever below 0, or 0.96 where all were whole.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value, at least <paramref name="Minimum"/>.</param>
/// <param name="IsWhole">Whether every value was a whole number.</param>
internal readonly record struct NumericRange(double Minimum, double Maximum, bool IsWhole)
{
    /// <param name="values">Finite values, at least one.</param>
    /// <param name="moments">Their moments.</param>
    public static NumericRange Of(ReadOnlySpan<double> values, in ColumnMoments moments)
    {
        var isWhole = true;
        foreach (var value in values)
            isWhole &= value == Math.Floor(value);

        return new NumericRange(moments.Minimum, moments.Maximum, isWhole);
    }

    public static NumericRange Restore(ParameterReader parameters)
    {
        var range = new NumericRange(parameters.Number("minimum"), parameters.Number("maximum"), parameters.Boolean("whole"));
        return range.Minimum <= range.Maximum
            ? range
            : throw parameters.Damaged($"'maximum' must be at least 'minimum', {range.Minimum}; found {range.Maximum}");
    }

    /// <summary>Moves a number to the nearest one that training could have had.</summary>
    public double Nearest(double number) => Math.Clamp(IsWhole ? Math.Round(number) : number, Minimum, Maximum);

    public void Describe(Utf8JsonWriter writer)
    {
        writer.WriteNumber("minimum", Minimum);
        writer.WriteNumber("maximum", Maximum);
        writer.WriteBoolean("whole", IsWhole);
    }
}
