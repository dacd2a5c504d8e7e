using System.Globalization;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Decides what a column is from its name and what its values have in common.</summary>
internal static class ColumnRules
{
    // Below this many values, that all of them differ (or rise) says nothing.
    private const int EnoughToSeeARule = 20;

    // A column named like an entity may be unique in a sample smaller than the number of entities.
    private const int SmallSample = 1000;

    private const int FewDistinct = 20;
    private const int EnoughForFewDistinct = 200;
    private const int MostLabelValues = 64;
    private const double FreeTextLength = 64;

    // Categorical pays when this share of the records has a value that occurs often enough to be learned.
    private const double RepeatingShare = 0.5;
    private const int RepeatsToLearn = 5;
    private const int MostCategories = 128;

    // Anomalies are rare; a flag that is set in a third of the records is a property.
    private const double MostLabelShare = 0.2;

    public static bool LooksLikeLabel(string path, ColumnProfile profile) =>
        new FieldName(path) is var name && !profile.HasNested && profile.Present > 0 && profile.Distinct <= MostLabelValues &&
        ((name.IsLabel && (profile.Distinct <= 2 || profile.Distinct * 10 <= profile.Present)) ||
        (name.IsFaultFlag && profile.Distinct == 2 && profile.Present >= EnoughToSeeARule && profile.ShareOfRarest <= MostLabelShare));

    public static FieldProposal Propose(string path, ColumnProfile profile)
    {
        var name = new FieldName(path);
        var (kind, reason) = Decide(name, profile);
        var field = new FieldSpec { Name = path, Kind = kind };
        if (kind == FieldKind.Categorical)
            field = field with { MaxCategories = Math.Clamp(profile.DistinctOccurring(2 * RepeatsToLearn), field.MaxCategories, MostCategories) };
        return WithRules(new FieldProposal(field, reason), name, profile);
    }

    /// <summary>Adds what reading the values takes, and what a person should know of it.</summary>
    private static FieldProposal WithRules(FieldProposal proposal, FieldName name, ColumnProfile profile)
    {
        var (field, reason) = proposal;
        if (FeatureSpec.IsNumber(field.Kind) && profile.Reading is { } reading)
        {
            field = reading.Declare(field);
            reason += reading.Remark(profile.Records);
            if (field.Kind == FieldKind.Numeric && profile.AreZeroOrOne && name.MayBeLabel && profile.Distinct == 2 && profile.ShareOfRarest <= MostLabelShare)
                reason += "; WARNING: if it says which records are anomalies, declare it as label, or the answer is learned";
        }
        else if (field.Kind is FieldKind.Categorical or FieldKind.Key)
        {
            if (profile.TextMarkers.Count > 0)
            {
                field = field with { Missing = [.. profile.TextMarkers.Select(marker => marker.Key)] };
                reason += $"; {Count(profile.TextMarkers.Sum(marker => marker.Value))} of {Count(profile.Records)} are missing: {ShownText.Of(profile.TextMarkers)}";
            }

            // What is proposed must read the records that it was proposed from.
            if (field.Kind == FieldKind.Key && profile.Present < profile.Records)
            {
                field = field with { Required = false };
                reason += "; not in every record";
            }
        }
        else if (field.Kind == FieldKind.Ignore && profile.PartialReading is { Fitting: > 0 } partial && partial.Fitting * 2 >= profile.Present)
        {
            reason += partial.Remark(profile.Records);
        }

        return new FieldProposal(field, reason);
    }

    public static string Distinct(ColumnProfile profile) => profile.Distinct == 1 ? "1 distinct value" : $"{Count(profile.Distinct)} distinct values";

    private static (FieldKind Kind, string Reason) Decide(FieldName name, ColumnProfile profile)
    {
        if (profile.Present == 0)
            return (FieldKind.Ignore, $"missing in all {Count(profile.Records)} records");
        if (profile.HasNested)
            return (FieldKind.Ignore, "an array or another nested value cannot be a field");

        return Timestamp(name, profile)
            ?? Identifier(name, profile)
            ?? Boolean(name, profile)
            ?? Constant(profile)
            ?? (profile.AreNumbers && profile.CodeReason is null ? Number(name, profile) : Text(profile));
    }

    private static (FieldKind, string)? Timestamp(FieldName name, ColumnProfile profile)
    {
        if (name.IsDateAboutEntity && (profile.AreTimes || profile.UnixTimeUnit is not null))
            return (FieldKind.Ignore, "a date in the life of the entity, not the time of the record");
        if (profile.AreTimes)
            return (FieldKind.Timestamp, profile.Reading!.Field.Format is null ? "times" : "times in a form of their own");
        if (profile.UnixTimeUnit is not { } unit)
            return null;
        if (name.IsTime)
            return (FieldKind.Timestamp, $"Unix {unit}, named like a time");
        return profile.Rises && profile.Present >= EnoughToSeeARule && !name.IsIdentifier && !name.IsEntity ? (FieldKind.Timestamp, $"rising numbers that are Unix {unit}") : null;
    }

    // A number that never changed stays a feature: the encoder keeps it as evidence should it change. A text that never changed
    // is most often a tag of the source (file, version, environment).
    private static (FieldKind, string)? Constant(ColumnProfile profile)
    {
        if (profile.Distinct > 1 || profile.Present < EnoughToSeeARule)
            return null;
        return profile.AreNumbers
            ? (FieldKind.Numeric, $"the same number in all {Count(profile.Present)} records, a change would stand out")
            : (FieldKind.Ignore, $"the same text in all {Count(profile.Present)} records");
    }

    private static (FieldKind, string)? Identifier(FieldName name, ColumnProfile profile)
    {
        if (!name.IsIdentifier && !name.IsEntity)
            return null;

        // Measures and flags end like identifiers too (average_per_card, new_customer).
        if (profile.AreBooleans || profile.AreZeroOrOne || (profile.AreNumbers && !profile.AreIntegers))
            return null;
        if (profile.IsUnique && profile.Present >= EnoughToSeeARule && !(name.IsEntity && profile.Present < SmallSample))
            return (FieldKind.Ignore, "unique in every record");
        if (profile.Present >= EnoughForFewDistinct && profile.Distinct <= FewDistinct && !(name.IsEntity && profile.HasDigits))
        {
            return profile.Distinct == 1
                ? null
                : (FieldKind.Categorical, $"named like an identifier, but only {profile.Distinct} distinct values in {Count(profile.Present)} records");
        }

        var named = name.IsEntity ? "an entity" : "an identifier";
        return (FieldKind.Key, $"named like {named}; {Distinct(profile)} in {Count(profile.Present)} records");
    }

    // Numbers 0 and 1 are booleans only where the name says yes or no (is_guest, has_chip). Elsewhere they stay numbers: standardised, a rare 1 is far from
    // the rest, which on benchmark sets with one-hot columns separates anomalies better than a Bernoulli likelihood does.
    private static (FieldKind, string)? Boolean(FieldName name, ColumnProfile profile)
    {
        if (profile.AreBooleans)
            return (FieldKind.Boolean, "true or false");
        return profile.AreZeroOrOne && name.IsYesNo ? (FieldKind.Boolean, "0 or 1, named like a yes or no") : null;
    }

    private static (FieldKind, string) Number(FieldName name, ColumnProfile profile)
    {
        if (name.IsCoordinate)
            return (FieldKind.Numeric, "a coordinate");
        if (profile.Counts && profile.Present >= EnoughToSeeARule)
            return (FieldKind.Ignore, "counts the records");
        if (profile.AreIntegers && profile.Rises && profile.IsUnique && profile.Present >= EnoughForFewDistinct)
            return (FieldKind.Ignore, "rises with every record, so new records leave the range that was learned");
        if (!profile.AreIntegers || !name.IsCode || profile.AreZeroOrOne)
            return (FieldKind.Numeric, $"numbers; {Distinct(profile)}");

        return Repeats(profile)
            ? (FieldKind.Categorical, $"named like a code; {Count(profile.Distinct)} distinct values that repeat")
            : (FieldKind.Ignore, $"named like a code; {Count(profile.Distinct)} distinct values in {Count(profile.Present)} records, too few repeat");
    }

    private static (FieldKind, string) Text(ColumnProfile profile)
    {
        if (profile.IsUnique && profile.Present >= EnoughToSeeARule)
            return (FieldKind.Ignore, $"unique in every record{Look(profile)}");
        if (Repeats(profile))
        {
            var mixed = profile.HasNumbers ? "texts and numbers mixed" : "texts";
            return (FieldKind.Categorical, $"{(profile.CodeReason is null ? mixed : "codes")}; {Count(profile.Distinct)} distinct values that repeat{Look(profile)}");
        }

        return profile.MeanLength > FreeTextLength
            ? (FieldKind.Ignore, $"long texts, {Count((int)profile.MeanLength)} characters on average")
            : (FieldKind.Ignore, $"{Count(profile.Distinct)} distinct texts in {Count(profile.Present)} records, too few repeat{Look(profile)}");
    }

    private static string Look(ColumnProfile profile) =>
        profile.CodeReason is { } reason ? $"; texts: {reason}"
        : profile.ClockText is { } text ? $"; they look like times or durations ({ShownText.Of(text)}): declare kind timestamp with the format of a date and time, or write durations in seconds"
        : "";

    private static bool Repeats(ColumnProfile profile)
    {
        var times = profile.Present >= EnoughForFewDistinct ? RepeatsToLearn : 2;
        return profile.ShareOccurring(times) >= RepeatingShare || (profile.Present < EnoughToSeeARule && profile.Distinct < profile.Present);
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
