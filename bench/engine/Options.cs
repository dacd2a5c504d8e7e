using System.Globalization;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Holds what the command line asked for.</summary>
/// <param name="Out">Files for the results, without the endings .json and .md, or null.</param>
/// <param name="Slices">Slices a measurement is the median of.</param>
/// <param name="Only">Word that the names of what is measured contain, or empty for everything.</param>
/// <param name="Width">Registers to work with.</param>
/// <param name="Judge">File for the comparison with libtorch, which is then all that is done; null to measure.</param>
internal sealed record Options(string? Out, int Slices, string Only, VectorWidth Width, string? Judge = null)
{
    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or null when a word was wrong.</returns>
    public static Options? Parse(string[] words)
    {
        var options = new Options(null, 21, "", VectorWidths.Widest);
        for (var i = 0; i < words.Length; i += 2)
        {
            var value = i + 1 < words.Length ? words[i + 1] : "";
            if (words[i] == "--out" && value.Length > 0)
                options = options with { Out = value };
            else if (words[i] == "--slices" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var slices) && slices > 0)
                options = options with { Slices = slices };
            else if (words[i] == "--judge" && value.Length > 0)
                options = options with { Judge = value };
            else if (words[i] == "--only")
                options = options with { Only = value };
            else if (words[i] == "--width" && Enum.TryParse<VectorWidth>(value, out var width))
                options = options with { Width = width };
            else
                return null;
        }

        return options;
    }
}
