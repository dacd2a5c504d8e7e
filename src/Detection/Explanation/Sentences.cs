using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Says the largest contributions in one plain sentence.</summary>
internal static class Sentences
{
    // Three reasons are read; the list below the sentence has the rest.
    private const int MostReasons = 3;

    // Below this a field was drawn along by the others.
    private const double SmallestShare = 0.05;

    // From here on a category is what was expected; below it is only likelier than the one found.
    private const double ExpectedFrom = 0.5;

    public static string Write(IReadOnlyList<FeatureContribution> features)
    {
        var sentence = new StringBuilder();
        foreach (var feature in features.Take(MostReasons))
        {
            // What a record lacks was judged by none of its values.
            if (feature.Missing)
                continue;

            // A value as expected is no reason by itself: it makes others stand out, and those are named. Only where it leads is it said.
            if (sentence.Length > 0 && (feature.Share < SmallestShare || (feature.Field.History is null && IsAsExpected(feature))))
                continue;
            if (sentence.Length > 0)
                sentence.Append("; ");
            AppendReason(sentence, feature);
            sentence.Append(CultureInfo.InvariantCulture, $" ({Math.Round(feature.Share * 100):0} %)");
        }

        return sentence.Length > 0 ? sentence.ToString() : "no single field explains the score";
    }

    // Equal as far as a reader can tell.
    private static bool IsAsExpected(FeatureContribution feature) => feature.Field.Kind switch
    {
        FieldKind.Numeric => ValueText.WriteExpectedNumber(feature.Number) == ValueText.WriteExpectedNumber(feature.Expected.Number),
        FieldKind.Timestamp => MomentOfWeek.NameOf(feature.Number) == feature.Expected.Text,
        _ => !feature.Unseen && feature.Text == ValueText.Shorten(feature.Expected.Text),
    };

    private static void AppendReason(StringBuilder sentence, FeatureContribution feature)
    {
        var field = feature.Field;
        if (field.History is not null)
        {
            HistoryWords.Append(sentence, feature);
            return;
        }

        sentence.Append(field.Name).Append(' ');
        var text = field.Kind == FieldKind.Timestamp ? MomentOfWeek.NameOf(feature.Number) : feature.Text;
        AppendValue(sentence, field.PassThrough == PassThrough.Masked ? Masking.Mask(text) : text, field);
        if (IsAsExpected(feature))
        {
            sentence.Append(", itself usual, does not fit the rest");
            return;
        }

        if (feature.Unseen)
        {
            sentence.Append(" never seen before");
            return;
        }

        var isLess = feature.Expected.Probability < ExpectedFrom;
        sentence.Append(" where ");
        if (field.Kind is FieldKind.Numeric or FieldKind.Timestamp)
            sentence.Append("about ");
        AppendValue(sentence, field.Kind == FieldKind.Numeric ? ValueText.WriteExpectedNumber(feature.Expected.Number) : ValueText.Shorten(feature.Expected.Text), field);
        sentence.Append(isLess ? " was likelier" : " was expected");
    }

    private static void AppendValue(StringBuilder sentence, string value, FieldSpec field)
    {
        sentence.Append(value);
        if (field.Kind == FieldKind.Numeric && !string.IsNullOrEmpty(field.Unit))
            sentence.Append(' ').Append(field.Unit);
    }
}
