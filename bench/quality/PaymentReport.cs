using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Bench.Quality;

/// <summary>Writes what was found of card payments by the fields of each record, and with a history.</summary>
internal static class PaymentReport
{
    private static readonly string[] Features = ["record", "history"];

    public static string Write(IReadOnlyList<Run> runs, IReadOnlyList<PeerRun> peers)
    {
        var sets = runs.Select(run => run.Name.Set).Distinct().Order(StringComparer.Ordinal).ToList();
        var (alone, remembered) = (PaymentSuite.NameOf(VariantCatalog.All[0].DefaultScores), PaymentSuite.NameOf([ScoreKind.Reconstruction]));
        var text = new Markdown().Line("# Card payments: with and without what a key did before").Line();
        text.Line("AUC-PR / AUC-ROC x 100, in brackets the standard deviation of AUC-PR over the seeds. Raw records, fields and history as `aeanomaly init` proposes them, default variant and options. Trained on the first part of");
        text.Line("each set, frauds left in and unlabelled, tested on the rest: the last quarter; of sparkov2 what came from 2023-11-01 on. **Bold** is what a detector is judged by that says nothing of `model.scores`.");
        text.Line("The independent methods have the same features, as the product encodes them; the nearest are those of 10,000 rows drawn from the training part. Of numbers: without the columns of categories, of which sparkov2 has 145, most of them merchants.").Line();
        text.Line($"- Ours: seeds {Distinct(runs.Select(r => FormattableString.Invariant($"{r.Name.Seed}")))}; sources {Distinct(runs.Select(r => r.Sources))}; {Distinct(runs.Select(r => r.Date))}; {Distinct(runs.Select(r => r.Machine))}.");
        if (peers.Count > 0)
            text.Line($"- Independent: seeds {string.Join(", ", peers.Select(p => p.Seed).Where(s => s > 0).Distinct().Order())} where chance plays a part; {Distinct(peers.Select(p => p.Library))}; {Distinct(peers.Select(p => p.Date))}.");
        text.Line().Line($"| judged by | {string.Join(" | ", sets.SelectMany(set => Features.Select(f => $"{set}, {(f == "record" ? "fields of the record" : "with history")}")))} |");
        text.Line("|---|" + string.Concat(Enumerable.Repeat("---|", sets.Count * Features.Length)));
        foreach (var score in runs.Select(run => run.Name.Candidate).Distinct().OrderBy(name => name == alone ? 1 : 0).ThenBy(name => name, StringComparer.Ordinal))
        {
            text.Line($"| {score} | {string.Join(" | ", sets.SelectMany(set => Features.Select(features =>
                Cell(runs.Where(run => (run.Name.Candidate, run.Name.Set, run.Name.Split) == (score, set, features)).ToList(), score == (features == "record" ? alone : remembered)))))} |");
        }

        foreach (var method in peers.Select(peer => peer.Method).Distinct())
        {
            text.Line($"| *{method}* | {string.Join(" | ", sets.SelectMany(set => Features.Select(features =>
                peers.Where(peer => (peer.Method, peer.Set, peer.Split) == (method, set, features)).ToList() is { Count: > 0 } found ? Cell(Figures.Of(found), false) : "")))} |");
        }

        text.Line().Line("| features | " + string.Join(" | ", sets) + " |").Line("|---|" + string.Concat(Enumerable.Repeat("---|", sets.Count)));
        foreach (var features in Features)
        {
            var found = sets.ConvertAll(set => runs.First(run => (run.Name.Set, run.Name.Split) == (set, features)));
            text.Line(FormattableString.Invariant($"| {(features == "record" ? "of the record" : "with history")}: fields, rows trained on, rows judged | {string.Join(" | ", found.Select(r => FormattableString.Invariant($"{r.Fields}, {r.TrainRows:N0}, {r.TestRows:N0}")))} |"));
        }

        return text.ToString();
    }

    private static string Cell(List<Run> runs, bool isDefault) => runs.Count == 0 ? "" : Cell(Figures.Of(runs), isDefault);

    private static string Cell(Figures figures, bool isDefault)
    {
        var value = $"{Markdown.Auc(figures.AucPr)} / {Markdown.Auc(figures.AucRoc)}";
        return (isDefault ? $"**{value}**" : value) + (figures.AucPrDeviation > 0 ? $" ({Markdown.Auc(figures.AucPrDeviation)})" : "");
    }

    private static string Distinct(IEnumerable<string> values) => string.Join(", ", values.Distinct().Order(StringComparer.Ordinal));
}
