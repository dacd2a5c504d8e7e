using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Counts the values of a categorical field in the training window and decides which get a feature of their own.</summary>
/// <remarks>
/// A value needs <c>max(2, min(10, records / 1000))</c> occurrences to be learned by itself. The vocabulary is open when the chance that the next
/// value is new, estimated by
/// Good and Turing (1953) as the share of records whose value occurred once, exceeds one in a hundred (and at least five values occurred once, or
/// the estimate says little),
/// or when more rare values occurred than a model should carry.
/// </remarks>
internal static class CategoryCensus
{
    private const int MostRareValuesKept = 4096;
    private const double OpenFromNewShare = 0.01;
    private const int OpenFromSingles = 5;

    public static FieldTransform Fit(FieldSpec field, int index, RecordBatch window)
    {
        var counts = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        var present = 0;
        for (var row = 0; row < window.Count; row++)
        {
            if (window.IsMissing(index, row))
                continue;
            var text = window.Text(index, row);
            lookup[text] = lookup.TryGetValue(text, out var count) ? count + 1 : 1;
            present++;
        }

        if (present == 0)
            return new AbsentTransform(AbsentTransform.AlwaysMissing);

        var ranked = counts.ToArray();
        Array.Sort(ranked, (a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : a.Key.AsSpan().SequenceCompareTo(b.Key));

        var enough = Math.Clamp(present / 1000, 2, 10);
        var frequent = 0;
        while (frequent < ranked.Length && frequent < field.MaxCategories && ranked[frequent].Value >= enough)
            frequent++;

        var singles = ranked.Count(entry => entry.Value == 1);
        var isOpen = ranked.Length - frequent > MostRareValuesKept || (singles >= OpenFromSingles && singles > OpenFromNewShare * present);
        if (isOpen && frequent == 0)
            return new AbsentTransform(AbsentTransform.NeverRepeats);

        var names = Array.ConvertAll(ranked, entry => Encoding.UTF8.GetString(entry.Key));
        return new CategoryTransform(names[..frequent], isOpen ? [] : names[frequent..], isOpen);
    }
}
