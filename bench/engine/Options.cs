using System.Globalization;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Holds what the command line asked for.</summary>
/// <param name="Out">File for the results as JSON, or null.</param>
/// <param name="Slices">Slices a measurement is the median of.</param>
/// <param name="Width">Registers to work with.</param>
internal sealed record Options(string? Out, int Slices, VectorWidth Width)
{
    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or null when a word was wrong.</returns>
    public static Options? Parse(string[] words)
    {
        var options = new Options(null, 21, VectorWidths.Widest);
        for (var i = 0; i < words.Length; i += 2)
        {
            var value = i + 1 < words.Length ? words[i + 1] : "";
            if (words[i] == "--out" && value.Length > 0)
                options = options with { Out = value };
            else if (words[i] == "--slices" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var slices) && slices > 0)
                options = options with { Slices = slices };
            else if (words[i] == "--width" && Enum.TryParse<VectorWidth>(value, out var width))
                options = options with { Width = width };
            else
                return null;
        }

        return options;
    }
}
