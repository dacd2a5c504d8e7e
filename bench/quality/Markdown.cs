using System.Globalization;
using System.Text;

namespace AEAnomaly.Bench.Quality;

/// <summary>Writes tables of methods.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _text = new();

    public Markdown Line(string text = "")
    {
        _text.Append(text).Append('\n');
        return this;
    }

    /// <summary>Writes one line for each method and one column for each set, the mean first.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="methods">Lines, in their order.</param>
    /// <param name="sets">Columns.</param>
    /// <param name="figure">What is shown.</param>
    /// <param name="format">How a value is written.</param>
    /// <param name="scale">Factor of what is shown.</param>
    public Markdown PerSet(string title, IEnumerable<Method> methods, IReadOnlyList<string> sets, Func<Figures, double?> figure, string format, double scale)
    {
        var shown = methods.Where(m => m.Sets.Values.Any(f => figure(f) is not null)).ToList();
        if (shown.Count == 0)
            return this;
        Line().Line("## " + title).Line();
        Line($"| method | mean | {string.Join(" | ", sets)} |");
        Line("|---|" + string.Concat(Enumerable.Repeat("---|", sets.Count + 1)));
        foreach (var method in shown)
        {
            var cells = sets.Select(set => method.Sets.TryGetValue(set, out var figures) ? Number(figure(figures), format, scale) : "");
            Line($"| {Name(method)} | {Number(method.Mean(sets, figure), format, scale)} | {string.Join(" | ", cells)} |");
        }

        return this;
    }

    /// <summary>Writes a name so that it is seen whose it is: bold ours, italic published.</summary>
    public static string Name(Method method) => method.Origin switch
    {
        MethodOrigin.Ours => $"**{method.Name}**",
        MethodOrigin.Published => $"*{method.Name}, published*",
        _ => method.Name,
    };

    public static string Number(double? value, string format, double scale) =>
        value is { } number ? (number * scale).ToString(format, CultureInfo.InvariantCulture) : "";

    /// <summary>Writes an AUC, 0 to 1, times 100.</summary>
    public static string Auc(double? value) => Number(value, "F1", 100);

    public override string ToString() => _text.ToString();
}
