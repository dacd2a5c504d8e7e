using System.Globalization;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Proposes what to remember of each key, from a sample of records and the fields proposed for it.</summary>
/// <remarks>
/// Records of events (payments, logins) tell much by what their key did before. A machine that is measured at even intervals is told by windows of records instead, and counts of its records say nothing: keys
/// that all have about as many records are taken for such.
/// </remarks>
public static class HistoryProposer
{
    // Below it the counts of the keys are closer to each other than chance would have them (the variance over the mean of a Poisson distribution is 1).
    private const double EvenDispersion = 0.5;
    private const double LeastRecordsOfKey = 2;
    private const int FewDistinct = 20;
    private const int MostNumbers = 3;
    private const int MostCategories = 2;

    // A key remembers ten categories with their weights; of many more it would forget most.
    private const int MostDistinctCategories = 50;

    /// <summary>Proposes a history.</summary>
    /// <param name="fields">Proposed fields, in the order of the columns.</param>
    /// <param name="columns">Sampled columns.</param>
    /// <returns>What to remember, and why; null where no key repeats, no field tells the time, or the records are measurements rather than events.</returns>
    public static HistoryProposal? Propose(IReadOnlyList<FieldProposal> fields, IReadOnlyList<SampleColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(columns);
        List<FieldKind> kinds = [.. fields.Select(field => field.Field.Kind)];
        var (key, clock) = (kinds.IndexOf(FieldKind.Key), kinds.IndexOf(FieldKind.Timestamp));
        if (key < 0 || clock < 0)
            return null;
        var counts = Counts(columns[key]);
        var records = counts.Sum();
        if (counts.Count == 0 || records < LeastRecordsOfKey * counts.Count || Dispersion(counts) < EvenDispersion)
            return null;

        string[] all = [.. fields.Where(field => field.Field.Kind == FieldKind.Numeric).Select(field => field.Field.Name)];
        string[] place = [.. all.Where(name => new FieldName(name).IsLatitude).Take(1), .. all.Where(name => new FieldName(name).IsLongitude).Take(1)];
        string[] numbers = [.. Names(fields, columns, FieldKind.Numeric, distinct => distinct > FewDistinct).Where(name => !new FieldName(name).IsCoordinate)];
        if (numbers.Length > MostNumbers)
            return null;
        string[] categories = [.. Names(fields, columns, FieldKind.Categorical, distinct => distinct <= MostDistinctCategories).Take(MostCategories)];
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{fields[key].Field.Name} has {counts.Count:N0} values in {records:N0} records, and {fields[clock].Field.Name} tells when: what a key did before becomes features (docs/history.md)");
        return new HistoryProposal(new HistoryOptions { Remember = [.. Items(numbers, categories, place)] }, reason);
    }

    private static IEnumerable<HistoryItem> Items(string[] numbers, string[] categories, string[] place)
    {
        yield return new HistoryItem { Count = true };
        foreach (var number in numbers)
        {
            yield return new HistoryItem { Sum = number };
            yield return new HistoryItem { Usual = number };
            foreach (var category in categories)
            {
                yield return new HistoryItem { Usual = number, Within = category };
                yield return new HistoryItem { Usual = number, Within = category, Of = HistoryScope.All };
            }
        }

        foreach (var category in categories)
            yield return new HistoryItem { Share = category };
        if (place.Length == 2)
            yield return new HistoryItem { Distance = place };
    }

    private static IEnumerable<string> Names(IReadOnlyList<FieldProposal> fields, IReadOnlyList<SampleColumn> columns, FieldKind kind, Func<int, bool> has) =>
        fields.Zip(columns).Where(pair => pair.First.Field.Kind == kind && has(Counts(pair.Second).Count)).Select(pair => pair.First.Field.Name);

    private static List<int> Counts(SampleColumn column) =>
        [.. column.Values.Where(value => value.Kind != SampleValueKind.Missing).GroupBy(value => value.Text, StringComparer.Ordinal).Select(group => group.Count())];

    private static double Dispersion(List<int> counts)
    {
        var mean = counts.Average();
        return counts.Average(count => (count - mean) * (count - mean)) / mean;
    }
}
