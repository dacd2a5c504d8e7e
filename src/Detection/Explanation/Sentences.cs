using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Says the largest contributions in one plain sentence.</summary>
internal static class Sentences
{
    // Three reasons are read; the list below the sentence has the rest.
    private const int MostReasons = 3;

    // Below this a field was drawn along by the others.
    private const double SmallestShare = 0.05;

    public static string Write(IReadOnlyList<FeatureContribution> features)
    {
        var sentence = new StringBuilder();
        foreach (var feature in features.Take(MostReasons))
        {
            if (feature.Share < SmallestShare && sentence.Length > 0)
                continue;
            if (sentence.Length > 0)
                sentence.Append("; ");
            AppendReason(sentence, feature);
            sentence.Append(CultureInfo.InvariantCulture, $" ({Math.Round(feature.Share * 100):0} %)");
        }

        return sentence.Length > 0 ? sentence.ToString() : "no single field explains the score";
    }

    private static void AppendReason(StringBuilder sentence, FeatureContribution feature)
    {
        var field = feature.Field;
        sentence.Append(field.Name).Append(' ');
        if (feature.Missing)
        {
            sentence.Append("missing");
            return;
        }

        var observed = field.PassThrough == PassThrough.Masked ? Masking.Mask(feature.Text) : feature.Text;
        switch (field.Kind)
        {
            case FieldKind.Categorical when feature.Unseen:
                sentence.Append(observed).Append(" never seen before");
                break;
            case FieldKind.Timestamp:
                sentence.Append(observed).Append(" where about ").Append(feature.Expected.Text).Append(" was expected");
                break;
            case FieldKind.Numeric:
                AppendNumber(sentence, observed, field.Unit);
                sentence.Append(" where about ");
                AppendNumber(sentence, ValueText.WriteExpectedNumber(feature.Expected.Number), field.Unit);
                sentence.Append(" was expected");
                break;
            case FieldKind.Categorical or FieldKind.Boolean when feature.Text == feature.Expected.Text:
                sentence.Append(CultureInfo.InvariantCulture, $"{observed} was {feature.Expected.Probability * 100:0} % likely");
                break;
            default:
                sentence.Append(observed).Append(" where ").Append(ValueText.Shorten(feature.Expected.Text)).Append(" was expected");
                break;
        }
    }

    private static void AppendNumber(StringBuilder sentence, string number, string? unit)
    {
        sentence.Append(number);
        if (!string.IsNullOrEmpty(unit))
            sentence.Append(' ').Append(unit);
    }
}
