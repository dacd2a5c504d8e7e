using System.Globalization;

namespace AEAnomaly.Host.Reports;

/// <summary>One axis of a plot.</summary>
/// <param name="Title">What it measures.</param>
/// <param name="From">Lower end.</param>
/// <param name="To">Upper end, above <paramref name="From"/>.</param>
/// <param name="IsLogarithmic">Whether equal factors are equally far apart; both ends are then above 0.</param>
/// <param name="IsPercent">Whether ticks are written as percentages.</param>
internal sealed record PlotAxis(string Title, double From, double To, bool IsLogarithmic = false, bool IsPercent = false)
{
    private const int WishedTicks = 5;

    /// <summary>Places a value between 0 (lower end) and 1 (upper end); values outside are put on the nearest end.</summary>
    public double Place(double value)
    {
        var place = IsLogarithmic ? Math.Log(Math.Max(value, From) / From) / Math.Log(To / From) : (value - From) / (To - From);
        return Math.Clamp(place, 0, 1);
    }

    public IEnumerable<(double Value, string Text)> Ticks() => IsLogarithmic ? LogarithmicTicks() : LinearTicks();

    private IEnumerable<(double, string)> LinearTicks()
    {
        var rough = (To - From) / WishedTicks;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 2.5, 5, 10 }.Select(f => f * magnitude).First(s => s >= rough * 0.999);
        for (var i = Math.Ceiling((From / step) - 1e-9); i * step <= To + (step * 1e-9); i++)
            yield return (i * step, Text((i * step) + 0.0)); // adding 0 turns -0 into 0
    }

    private IEnumerable<(double, string)> LogarithmicTicks()
    {
        var decades = Math.Log10(To / From);
        double[] factors = decades < 1.5 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)Math.Ceiling(decades / 7));
        var first = (int)Math.Floor(Math.Log10(From));
        for (var exponent = first; exponent <= Math.Log10(To); exponent++)
        {
            foreach (var factor in factors)
            {
                var value = factor * Math.Pow(10, exponent);
                if (exponent % every == 0 && value >= From * 0.999 && value <= To * 1.001)
                    yield return (value, Text(value));
            }
        }
    }

    private string Text(double value) => IsPercent
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.#} %")
        : Math.Abs(value) is >= 1e6 or (> 0 and < 1e-3)
            ? value.ToString("0E+0", CultureInfo.InvariantCulture)
            : value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
