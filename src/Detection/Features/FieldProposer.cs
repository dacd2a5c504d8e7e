using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Proposes a field list from a sample of records.</summary>
/// <remarks>The first rule that matches a column decides; a sample shows what is likely, so every proposal gives its reason for a person to judge.</remarks>
public static class FieldProposer
{
    /// <summary>Proposes one declaration for each column, in order.</summary>
    /// <param name="columns">Sampled columns of equal length.</param>
    /// <param name="label">Column that the user named as the label, or null to recognise it by name.</param>
    /// <exception cref="ArgumentException">Columns differ in length, or none is called <paramref name="label"/>.</exception>
    public static IReadOnlyList<FieldProposal> Propose(IReadOnlyList<SampleColumn> columns, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (var column in columns)
        {
            if (column.Values.Count != columns[0].Values.Count)
            {
                throw new ArgumentException(
                    $"Column '{column.Path}' has {column.Values.Count} values, '{columns[0].Path}' has {columns[0].Values.Count}.", nameof(columns));
            }
        }

        if (label is not null && !columns.Any(column => column.Path == label))
        {
            throw new ArgumentException(
                $"No column is called '{label}', which was named as the label; found {string.Join(", ", columns.Select(column => column.Path))}.", nameof(label));
        }

        var profiles = columns.Select(column => new ColumnProfile(column)).ToArray();
        var labelColumn = label ?? columns.Zip(profiles).FirstOrDefault(pair => ColumnRules.LooksLikeLabel(pair.First.Path, pair.Second)).First?.Path;
        var labels = columns.FirstOrDefault(column => column.Path == labelColumn);
        return [.. columns.Zip(profiles, (column, profile) => ProposeColumn(column, profile, labels, label is not null))];
    }

    private static FieldProposal ProposeColumn(SampleColumn column, ColumnProfile profile, SampleColumn? labels, bool isNamedByUser)
    {
        if (column == labels)
            return Declare(column, FieldKind.Label, isNamedByUser ? "named as the label" : $"its name says so; {ColumnRules.Distinct(profile)}{NormalUnknown(column)}");
        if (ColumnRules.LooksLikeLabel(column.Path, profile))
            return Declare(column, FieldKind.Ignore, $"looks like a label beside '{labels?.Path}': as a feature it would give the answer away");
        if (labels is not null && LabelLeak.IsLikely(column, profile, labels))
            return Declare(column, FieldKind.Ignore, $"each of its {profile.Distinct} values goes with one value of '{labels.Path}': as a feature it would give the answer away");

        return ColumnRules.Propose(column.Path, profile);
    }

    // A label of words that say nothing to us makes every record an anomaly; better said before anything is trained.
    private static string NormalUnknown(SampleColumn labels)
    {
        var values = labels.Values.Where(value => value.Kind != SampleValueKind.Missing).Select(value => value.Text).Distinct(StringComparer.Ordinal).ToArray();
        return values.Length == 0 || values.Any(value => !LabelWord.IsAnomaly(value, []))
            ? ""
            : $"; none of them is known to mean normal, so say which does: normal: [{string.Join(" or ", values.Take(3).Select(ShownText.Of))}]";
    }

    private static FieldProposal Declare(SampleColumn column, FieldKind kind, string reason) => new(new FieldSpec { Name = column.Path, Kind = kind }, reason);
}
