using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Says a feature of history in the terms of what happened: the payments, the amount, the way.</summary>
internal static class HistoryWords
{
    // A value this rare or rarer is said to be rare, and not only rarer than expected: one in twenty.
    private const double RareShare = 3;

    /// <summary>Adds what the feature is about, and what is usual of it.</summary>
    public static FeatureContribution Complete(FeatureContribution contribution, RecordBatch batch, int row, int field, HistoryFeature history)
    {
        var usual = batch.Usual(field, row);
        if (history.Source < 0)
            return contribution with { Usual = usual };
        var about = batch.Spec.Fields[history.Source];
        var isNumber = FeatureSpec.IsNumber(about.Kind);
        var number = isNumber ? batch.Numbers(history.Source)[row] : double.NaN;
        var text = batch.IsMissing(history.Source, row) ? ""
            : isNumber ? ValueText.Write(about.Kind, number)
            : ValueText.Shorten(Encoding.UTF8.GetString(batch.Text(history.Source, row)));
        return contribution with
        {
            Usual = usual,
            About = about,
            AboutNumber = number,
            // Whose record it is stands in its own place, masked.
            AboutText = about.PassThrough == PassThrough.Masked || (about.Kind == FieldKind.Key && about.PassThrough != PassThrough.Plain) ? Masking.Mask(text) : text,
        };
    }

    /// <summary>Says the feature; the caller adds its share.</summary>
    public static void Append(StringBuilder sentence, FeatureContribution feature)
    {
        var history = feature.Field.History!;
        var whose = history.OfAll ? "all records" : "this key";
        switch (history.Kind)
        {
            case HistoryFeatureKind.Count:
                sentence.Append(CultureInfo.InvariantCulture, $"{Rounded(feature.Number)} records within {Duration(history.HalfLife)}");
                AppendUsual(sentence, feature, null);
                break;
            case HistoryFeatureKind.Sum:
                sentence.Append(CultureInfo.InvariantCulture, $"{feature.About!.Name} {WithUnit(Rounded(feature.Number), feature.Field)} within {Duration(history.HalfLife)}");
                AppendUsual(sentence, feature, feature.Field);
                break;
            case HistoryFeatureKind.Usual:
                AppendNumber(sentence, feature, whose);
                break;
            case HistoryFeatureKind.Share:
                sentence.Append(CultureInfo.InvariantCulture, $"{feature.About!.Name} {feature.AboutText} {(feature.Number >= RareShare ? "rare" : "not the most usual")} for {whose}: {Share(feature.Number)}");
                break;
            case HistoryFeatureKind.FirstSeen:
                sentence.Append(CultureInfo.InvariantCulture, $"{feature.About!.Name} {feature.AboutText} {(feature.Number != 0 ? "never seen" : "seen before")} on this key");
                break;
            case HistoryFeatureKind.Gap:
                sentence.Append(CultureInfo.InvariantCulture, $"{Duration(feature.Number)} since the record before");
                if (double.IsFinite(feature.Usual))
                    sentence.Append(CultureInfo.InvariantCulture, $" where {Duration(feature.Usual)} are usual");
                break;
            case HistoryFeatureKind.WentBack:
                sentence.Append(feature.Number != 0 ? "older than a record of this key that came before" : "no older than the record before");
                break;
            case HistoryFeatureKind.Distance:
                sentence.Append(CultureInfo.InvariantCulture, $"{Rounded(feature.Number)} km from the place before");
                break;
            default:
                sentence.Append(CultureInfo.InvariantCulture, $"{Rounded(feature.Number)} km/h from the place before");
                break;
        }
    }

    private static void AppendNumber(StringBuilder sentence, FeatureContribution feature, string whose)
    {
        var history = feature.Field.History!;
        sentence.Append(CultureInfo.InvariantCulture, $"{feature.About!.Name} {WithUnit(feature.AboutText, feature.Field)}");
        if (!double.IsFinite(feature.Usual))
        {
            sentence.Append(CultureInfo.InvariantCulture, $", of which nothing is known of {whose}");
            return;
        }

        var usual = feature.Field.PassThrough == PassThrough.Masked ? "the usual value" : "the usual " + WithUnit(ValueText.WriteExpectedNumber(feature.Usual), feature.Field);
        var within = history.Within < 0 ? "" : " in its category";
        sentence.Append(
            CultureInfo.InvariantCulture,
            $": {Rounded(Math.Abs(feature.Number))} deviations {(feature.Number < 0 ? "below" : "above")} {usual} of {whose}{within}");
    }

    private static void AppendUsual(StringBuilder sentence, FeatureContribution feature, FieldSpec? unit)
    {
        if (!double.IsFinite(feature.Usual))
        {
            sentence.Append(CultureInfo.InvariantCulture, $" where about {ValueText.WriteExpectedNumber(feature.Expected.Number)} were expected");
            return;
        }

        var usual = ValueText.WriteExpectedNumber(feature.Usual);
        sentence.Append(CultureInfo.InvariantCulture, $" where {(unit is null ? usual : WithUnit(usual, unit))} are usual");
    }

    private static string Rounded(double value) => ValueText.WriteNumber(Math.Abs(value) >= 10 ? Math.Round(value) : Math.Round(value, 1));

    private static string WithUnit(string value, FieldSpec field) => string.IsNullOrEmpty(field.Unit) ? value : $"{value} {field.Unit}";

    private static string Share(double rarity) => string.Create(CultureInfo.InvariantCulture, $"about {ValueText.WriteExpectedNumber(100 * Math.Exp(-rarity))} % of its records");

    private static string Duration(TimeSpan duration) => Duration(duration.TotalSeconds);

    private static string Duration(double seconds) => seconds switch
    {
        >= 2 * 86_400 => $"{ValueText.WriteExpectedNumber(seconds / 86_400)} d",
        >= 2 * 3_600 => $"{ValueText.WriteExpectedNumber(seconds / 3_600)} h",
        >= 120 => $"{ValueText.WriteExpectedNumber(seconds / 60)} min",
        _ => $"{ValueText.WriteExpectedNumber(seconds)} s",
    };
}
