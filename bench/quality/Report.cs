namespace AEAnomaly.Bench.Quality;

/// <summary>Draws the tables of a suite from the runs that are there.</summary>
internal static class Report
{
    // What is asked of the alert rate, and of learning from a few anomalies (AUC x 100).
    private const string AlertRateGoal = "0.7 to 1.4 %";
    private const string ContaminationGoal = "at most 3";

    /// <summary>Writes the comparison on tables of records.</summary>
    public static string Tabular(IReadOnlyList<Run> runs, IReadOnlyList<PeerRun> peers, string split, IReadOnlyList<string> failures)
    {
        var methods = Methods(runs, peers, split == "ordered" ? Published.Read() : []);
        var sets = runs.Select(r => r.Name.Set).Distinct().Order(StringComparer.Ordinal).ToList();
        var text = new Markdown().Line($"# Detection quality, tabular sets, {split} split").Line();
        text.Line(split == "ordered"
            ? "Trained on the first half of the normal rows in the order of the file, tested on the other half and all anomalies."
            : "Trained on a random half of the normal rows, tested on the other half and all anomalies; each seed has its split.");
        Provenance(text, runs, peers, failures);
        text.Line($"Alert rate: share of unseen normal rows above a threshold that is set to flag 1 % of them; asked is {AlertRateGoal}.");
        text.Line($"Loss when contaminated: by how much AUC-PR falls with 1 % of the anomalies among the training rows; asked is {ContaminationGoal}.");
        text.Line().Line("## Means over the sets").Line();
        text.Line("| method | AUC-PR | AUC-ROC | fit seconds | longest fit | rows scored a second, slowest set | alert rate % | loss when contaminated |").Line("|---|---|---|---|---|---|---|---|");
        foreach (var method in Ranked(methods, sets))
        {
            var loss = method.Mean(sets, f => f.AucPr - f.Contaminated);
            text.Line($"| {Markdown.Name(method)} | {Markdown.Auc(method.Mean(sets, f => f.AucPr))} | {Markdown.Auc(method.Mean(sets, f => f.AucRoc))} | {Markdown.Number(method.Mean(sets, f => f.FitSeconds), "F1", 1)} | "
                + $"{Markdown.Number(method.Sets.Values.Max(f => f.FitSeconds), "F1", 1)} | {Markdown.Number(method.Sets.Values.Min(f => f.RowsPerSecond), "N0", 1)} | {Markdown.Number(method.Mean(sets, f => f.AlertRate), "F2", 100)} | {Markdown.Auc(loss)} |");
        }

        Choice.Write(text, Ranked(methods.Where(m => m.Origin == MethodOrigin.Ours), sets), sets);
        PerSet(text, Ranked(methods, sets), sets);
        text.PerSet("Alert rate, %", Ranked(methods, sets), sets, f => f.AlertRate, "F2", 100);
        text.PerSet("AUC-PR x 100 with 1 % of the anomalies among the training rows", Ranked(methods, sets), sets, f => f.Contaminated, "F1", 100);
        return text.ToString();
    }

    /// <summary>Writes the comparison on machines watched over time.</summary>
    public static string Telemetry(IReadOnlyList<Run> runs, IReadOnlyList<PeerRun> peers, IReadOnlyList<string> failures)
    {
        var methods = Methods(runs, peers, []);
        var files = runs.Select(r => r.Name.Set).Distinct().Order(StringComparer.Ordinal).ToList();
        var text = new Markdown().Line("# Detection quality, telemetry").Line();
        text.Line("Each machine by itself: trained on its first part, judged for each point of the second; no point adjustment. One configuration for all files.");
        text.Line("Variants that read windows have no score for the first records of the second part, whose window is not full; those points are not judged.");
        Provenance(text, runs, peers, failures);
        text.Line($"Smoothed: the mean of the score over the last {TelemetrySuite.SmoothedSteps} steps, declared beforehand.");
        foreach (var group in files.GroupBy(f => f[..f.IndexOf('_', StringComparison.Ordinal)]))
        {
            var sets = group.ToList();
            text.Line().Line(group.Key switch { "smd" => "## Server machines (SMD)", "asd" => "## Application servers (ASD)", var other => "## " + other }).Line();
            text.Line("| method | AUC-PR | AUC-ROC | smoothed AUC-PR | smoothed AUC-ROC | fit seconds | rows scored a second, slowest set |").Line("|---|---|---|---|---|---|---|");
            foreach (var m in Ranked(methods, sets))
            {
                text.Line($"| {Markdown.Name(m)} | {Markdown.Auc(m.Mean(sets, f => f.AucPr))} | {Markdown.Auc(m.Mean(sets, f => f.AucRoc))} | {Markdown.Auc(m.Mean(sets, f => f.SmoothAucPr))} | {Markdown.Auc(m.Mean(sets, f => f.SmoothAucRoc))} | "
                    + $"{Markdown.Number(m.Mean(sets, f => f.FitSeconds), "F1", 1)} | {Markdown.Number(sets.Min(s => m.Sets.GetValueOrDefault(s)?.RowsPerSecond), "N0", 1)} |");
            }
        }

        PerSet(text, Ranked(methods, files), files);
        text.PerSet("Smoothed AUC-PR x 100", Ranked(methods, files), files, f => f.SmoothAucPr, "F1", 100);
        return text.ToString();
    }

    private static void PerSet(Markdown text, IReadOnlyList<Method> methods, IReadOnlyList<string> sets) => text
        .PerSet("AUC-PR x 100", methods, sets, f => f.AucPr, "F1", 100)
        .PerSet("AUC-ROC x 100", methods, sets, f => f.AucRoc, "F1", 100)
        .PerSet("Standard deviation of AUC-PR x 100 over the seeds", [.. methods.Where(m => m.Sets.Values.Any(f => f.AucPrDeviation > 0))], sets, f => f.AucPrDeviation, "F1", 100)
        .PerSet("Fit seconds", methods, sets, f => f.FitSeconds, "F1", 1)
        .PerSet("Rows scored a second", methods, sets, f => f.RowsPerSecond, "N0", 1);

    private static void Provenance(Markdown text, IReadOnlyList<Run> runs, IReadOnlyList<PeerRun> peers, IReadOnlyList<string> failures)
    {
        text.Line("AUC x 100. **Bold**: variants of this product with their default options, or with those behind the colon. Plain: independent implementations. *Italic*: read from a paper.").Line();
        text.Line($"- Variants: seeds {string.Join(", ", runs.Select(r => r.Name.Seed).Distinct().Order())}; sources {Distinct(runs.Select(r => r.Sources))}; {Distinct(runs.Select(r => r.Date))}; {Distinct(runs.Select(r => r.Machine))}; times with other runs beside.");
        if (peers.Count > 0)
            text.Line($"- Independent: seeds {string.Join(", ", peers.Select(p => p.Seed).Where(s => s > 0).Distinct().Order())} where chance plays a part; {Distinct(peers.Select(p => p.Library))}; {Distinct(peers.Select(p => p.Date))}; {Distinct(peers.Select(p => p.Machine))}.");
        foreach (var failure in failures)
            text.Line("- Failed: " + failure);
        text.Line();
    }

    private static List<Method> Methods(IReadOnlyList<Run> runs, IReadOnlyList<PeerRun> peers, IReadOnlyList<Method> published) =>
    [
        .. runs.GroupBy(r => r.Name.Candidate).Select(g => new Method(
            g.Key, MethodOrigin.Ours, g.GroupBy(r => r.Name.Set).Where(s => s.Any(r => !r.Name.Contaminated)).ToDictionary(s => s.Key, s => Figures.Of(s.ToList())))),
        .. peers.GroupBy(p => p.Method).Select(g => new Method(g.Key, MethodOrigin.Peer, g.GroupBy(p => p.Set).ToDictionary(s => s.Key, s => Figures.Of(s.ToList())))),
        .. published,
    ];

    // The best first; a method without a figure on every set has no mean and comes last.
    private static List<Method> Ranked(IEnumerable<Method> methods, IReadOnlyList<string> sets) =>
        [.. methods.OrderByDescending(m => m.Mean(sets, f => f.AucPr) ?? -1).ThenBy(m => m.Name, StringComparer.Ordinal)];

    private static string Distinct(IEnumerable<string> values) => string.Join(", ", values.Distinct().Order(StringComparer.Ordinal));
}
