using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Detection.Training;

/// <summary>Checks the fields that the options of a variant name against those that a detector declares.</summary>
public static class VariantFields
{
    /// <summary>Lists what does not fit.</summary>
    /// <param name="variant">Options of any variant.</param>
    /// <param name="fields">Declared fields.</param>
    /// <returns>Key below <c>model</c> ("first_fields[2]"), and what is wrong there as a sentence without subject ("found 'x', ...").</returns>
    public static IReadOnlyList<(string Key, string Problem)> Problems(VariantOptions variant, IEnumerable<FieldSpec> fields)
    {
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(fields);
        string[] features = [.. fields.Where(field => field is not null && FeatureSpec.IsFeature(field.Kind)).Select(field => field.Name)];
        return Of(variant, features);
    }

    /// <summary>Refuses options that do not fit.</summary>
    /// <exception cref="ArgumentException">Something does not fit; the message lists everything.</exception>
    internal static void Require(VariantOptions variant, FeatureSpec spec)
    {
        var problems = Problems(variant, spec.Fields);
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems.Select(problem => $"model.{problem.Key}: {problem.Problem}")), nameof(variant));
    }

    private static List<(string Key, string Problem)> Of(VariantOptions variant, string[] features) => variant switch
    {
        CrossDomainOptions crossDomain => OfGroups(crossDomain.FirstFields, features),
        EnsembleOptions ensemble =>
            [.. ensemble.Members.SelectMany((member, i) => Of(member, features).Select(problem => ($"members[{i}].{problem.Key}", problem.Problem)))],
        _ => [],
    };

    private static List<(string Key, string Problem)> OfGroups(IList<string> first, string[] features)
    {
        const string key = "first_fields";
        var known = string.Join(", ", features);
        if (first.Count == 0)
            return [(key, $"is missing; variant 'cross-domain' needs the names of the fields of its first group, some of {known}.")];

        var problems = new List<(string Key, string Problem)>();
        for (var i = 0; i < first.Count; i++)
        {
            if (!features.Contains(first[i]))
                problems.Add(($"{key}[{i}]", $"found '{first[i]}', which is no feature; expected one of {known}."));
            else if (first.IndexOf(first[i]) < i)
                problems.Add(($"{key}[{i}]", $"found '{first[i]}' a second time; remove it."));
        }

        if (problems.Count == 0 && first.Count == features.Length)
            problems.Add((key, $"takes every feature ({known}); leave at least one to the second group."));
        return problems;
    }
}
