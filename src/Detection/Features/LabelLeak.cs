namespace AEAnomaly.Detection.Features;

/// <summary>Finds columns that restate the label, say the scenario by which a fraud was simulated.</summary>
internal static class LabelLeak
{
    // A column of many values goes with one label each by chance; so does any column beside a handful of labelled anomalies.
    private const int MostValues = 20;
    private const int LeastOfEachLabel = 5;

    /// <summary>Tells whether every value of a column occurs with one label only, though both vary.</summary>
    public static bool IsLikely(SampleColumn column, ColumnProfile profile, SampleColumn labels)
    {
        if (profile.Distinct is < 2 or > MostValues || profile.Present < profile.Records)
            return false;

        var labelOfValue = new Dictionary<string, string>(StringComparer.Ordinal);
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < profile.Records; i++)
        {
            var label = labels.Values[i].Text;
            if (!labelOfValue.TryAdd(column.Values[i].Text, label) && labelOfValue[column.Values[i].Text] != label)
                return false;
            occurrences[label] = occurrences.GetValueOrDefault(label) + 1;
        }

        return occurrences.Count(pair => pair.Value >= LeastOfEachLabel) >= 2;
    }
}
