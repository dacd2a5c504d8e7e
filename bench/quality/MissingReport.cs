using System.Globalization;

namespace AEAnomaly.Bench.Quality;

/// <summary>Writes what missing fields do, by set, variant and score.</summary>
internal static class MissingReport
{
    public static string Write(IReadOnlyList<MissingRun> runs)
    {
        var text = new Markdown();
        text.Line("# Records that lack fields").Line();
        text.Line("Share of normal records flagged, in percent, at a threshold that flags 1 % of held-out whole ones; each field left out in turn, mean and the field with which it is greatest, and a third of the fields at once.");
        text.Line("*at its mean*: a missing field counts as its mean, as it would without completion; *completed*: as the product judges. AUC-ROC x 100, normal records and anomalies lacking the same. Whole records are judged alike in both.");
        text.Line("In windows the field is missing in every record.").Line();
        Summary(text, runs);
        foreach (var variant in runs.GroupBy(run => run.Variant))
        {
            text.Line().Line($"## {variant.Key}").Line();
            text.Line("| set | fields | score | whole | one, at its mean | one, completed | a third, at its mean | a third, completed | AUC whole | one, at its mean | one, completed | a third, completed |");
            text.Line("|---|---|---|---|---|---|---|---|---|---|---|---|");
            foreach (var run in variant.OrderBy(run => run.Set, StringComparer.Ordinal))
            {
                text.Line(
                    $"| {run.Set} | {run.Fields} | {run.Score} | {Share(run.Flagged)} | {Both(run.AtMean)} | {Both(run.Completed)} | {Share(run.AtMean.ThirdFlagged)} | {Share(run.Completed.ThirdFlagged)} "
                    + $"| {Markdown.Auc(run.AucRoc)} | {Markdown.Auc(run.AtMean.AucRoc)} | {Markdown.Auc(run.Completed.AucRoc)} | {Markdown.Auc(run.Completed.ThirdAucRoc)} |");
            }
        }

        return text.ToString();
    }

    // A share of a few hundred records is known to a few tenths of a percent: below half of the share asked for, twice of it says nothing.
    private static void Summary(Markdown text, IReadOnlyList<MissingRun> runs)
    {
        text.Line("| variant | score | sets | whole | one, at its mean | one, completed | more than twice the share of whole records, at its mean | completed |").Line("|---|---|---|---|---|---|---|---|");
        foreach (var group in runs.GroupBy(run => (run.Variant, run.Score)))
        {
            text.Line(
                $"| {group.Key.Variant} | {group.Key.Score} | {group.Count()} | {Share(group.Average(r => r.Flagged))} | {Share(group.Average(r => r.AtMean.Flagged))} | {Share(group.Average(r => r.Completed.Flagged))} "
                + $"| {Exceeding(group, r => r.AtMean)} | {Exceeding(group, r => r.Completed)} |");
        }
    }

    private static string Exceeding(IEnumerable<MissingRun> runs, Func<MissingRun, MissingFigures> figures)
    {
        var (mean, most) = (0, 0);
        foreach (var run in runs)
        {
            var limit = 2 * Math.Max(run.Flagged, Suite.AlertRate / 2);
            mean += figures(run).Flagged > limit ? 1 : 0;
            most += figures(run).Most > limit ? 1 : 0;
        }

        return FormattableString.Invariant($"{mean} sets on the mean of the fields, {most} for some field");
    }

    private static string Both(MissingFigures figures) => $"{Share(figures.Flagged)}, {Share(figures.Most)}";

    private static string Share(double value) => (100 * value).ToString("F1", CultureInfo.InvariantCulture);
}
