using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;

namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Explains an evaluation: which features make anomalies stand out, and which records scored highest.</summary>
/// <param name="Features">Features by falling share in anomalies.</param>
/// <param name="ExplainedAnomalies">Anomalies that the shares are the mean of.</param>
/// <param name="HighestRecords">Test records by falling score.</param>
internal sealed record EvaluationDetails(IReadOnlyList<FeatureShare> Features, int ExplainedAnomalies, IReadOnlyList<JudgedRecord> HighestRecords)
{
    // Enough for a mean that two digits can be read off, few enough to explain in a moment.
    private const int MostExplained = 400;
    private const int HighestShown = 12;
    private const int SliceRows = 1024;

    // A sentence names no more; what was expected of further fields is not shown.
    private const int FieldsOfSentence = 3;

    public static EvaluationDetails Explain(EvaluationResult result, RecordBatch test)
    {
        var order = Enumerable.Range(0, result.Scores.Length).ToArray();
        Array.Sort(order, (a, b) => result.Scores[a] != result.Scores[b] ? result.Scores[b].CompareTo(result.Scores[a]) : a.CompareTo(b));

        // What found the anomalies that were found; where none was, what came nearest.
        var anomalies = order.Where(i => result.Labels[i] && result.Scores[i] > result.Trained.Threshold.Value).ToArray();
        if (anomalies.Length == 0)
            anomalies = [.. order.Where(i => result.Labels[i]).Take(MostExplained)];
        anomalies = Thin(anomalies);
        var normals = Thin([.. order.Where(i => !result.Labels[i])]);
        var all = ExplainRows(result, test, [.. anomalies, .. normals, .. order.Take(HighestShown)]);
        var inAnomalies = MeanShares(all, anomalies);
        var inNormals = MeanShares(all, normals);
        var features = inAnomalies
            .Select(p => new FeatureShare(p.Key, p.Value, inNormals.GetValueOrDefault(p.Key)))
            .OrderByDescending(f => f.InAnomalies)
            .ThenBy(f => f.Name, StringComparer.Ordinal)
            .ToArray();

        var highest = new List<JudgedRecord>();
        foreach (var row in order.Take(HighestShown))
        {
            var ratio = result.Trained.Threshold.Ratio(result.Scores[row]);
            highest.Add(new JudgedRecord(test.Origins[result.Judged[row]].Offset + 1, result.Labels[row], result.Scores[row], ratio, all[row].Sentence));
        }

        return new EvaluationDetails(features, anomalies.Length, highest);
    }

    // Scores the test once more, a slice at a time: windows are kept for a slice only, since those of a whole file would fill the memory.
    private static Dictionary<int, Explained> ExplainRows(EvaluationResult result, RecordBatch test, HashSet<int> rows)
    {
        var explainer = new Explainer(result.Trained.Encoder, result.Trained.Frozen, FieldsOfSentence);
        var scorer = new RecordScorer(result.Trained.Encoder, result.Trained.Frozen) { KeepWindowsAbove = float.NegativeInfinity };
        var slice = new RecordBatch(test.Spec, SliceRows);
        var explanations = new Dictionary<int, Explained>();
        var judged = 0;
        for (var first = 0; first < test.Count; first += SliceRows)
        {
            slice.Clear();
            for (var row = first; row < Math.Min(test.Count, first + SliceRows); row++)
                slice.AppendFrom(test, row);
            scorer.Score(slice);
            for (; judged < result.Judged.Length && result.Judged[judged] < first + slice.Count; judged++)
            {
                if (rows.Contains(judged))
                    explanations.Add(judged, new Explained(explainer.Explain(slice, result.Judged[judged] - first, scorer).Sentence, [.. explainer.Shares()]));
            }
        }

        return explanations;
    }

    private static Dictionary<string, double> MeanShares(Dictionary<int, Explained> explanations, int[] rows)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var (field, share) in explanations[row].Shares)
                shares[field] = shares.GetValueOrDefault(field) + (share / rows.Length);
        }

        return shares;
    }

    private static int[] Thin(int[] rows) =>
        rows.Length <= MostExplained ? rows : [.. Enumerable.Range(0, MostExplained).Select(i => rows[(int)((long)i * rows.Length / MostExplained)])];

    private readonly record struct Explained(string Sentence, (string Field, double Share)[] Shares);
}
