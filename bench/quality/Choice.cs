namespace AEAnomaly.Bench.Quality;

/// <summary>Chooses a default by cross-validation over data sets: for each set the method that is best on the mean of all others, and what it reaches on the one left out.</summary>
/// <remarks>That figure is fair to a set nobody looked at; the mean of the winner over all sets is not, because it was chosen for it.</remarks>
internal static class Choice
{
    // An ensemble costs as much as all its members: it is a choice of its own, not a default.
    private const string Ensemble = "ensemble";

    public static void Write(Markdown text, IReadOnlyList<Method> methods, IReadOnlyList<string> sets)
    {
        var candidates = methods.Where(m => !m.Name.StartsWith(Ensemble, StringComparison.Ordinal) && sets.All(m.Sets.ContainsKey)).ToList();
        if (candidates.Count < 2 || sets.Count < 3)
            return;

        text.Line().Line("## Choice by cross-validation over the sets").Line();
        text.Line($"For each set the single network that is best on the mean AUC-PR of the others, of {candidates.Count}, and what it reaches on the set left out.").Line();
        text.Line("| left out | chosen by the others | AUC-PR there | AUC-ROC there |").Line("|---|---|---|---|");
        var found = new List<Figures>();
        foreach (var set in sets)
        {
            var others = sets.Where(other => other != set).ToList();
            var chosen = candidates.MaxBy(m => m.Mean(others, f => f.AucPr))!;
            found.Add(chosen.Sets[set]);
            text.Line($"| {set} | {Markdown.Name(chosen)} | {Markdown.Auc(found[^1].AucPr)} | {Markdown.Auc(found[^1].AucRoc)} |");
        }

        text.Line($"| mean | | {Markdown.Auc(found.Average(f => f.AucPr))} | {Markdown.Auc(found.Average(f => f.AucRoc))} |");
    }
}
