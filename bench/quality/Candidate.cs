using System.Text.RegularExpressions;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Bench.Quality;

/// <summary>Names what competes: a variant, and the settings in which it differs from its defaults.</summary>
/// <param name="Name">As written: <c>VARIANT[:KEY=VALUE,...]</c>.</param>
/// <param name="Variant">Variant.</param>
/// <param name="Settings">Keys and YAML values; a key without a section belongs to <c>model</c>.</param>
internal sealed partial record Candidate(string Name, string Variant, IReadOnlyList<KeyValuePair<string, string>> Settings)
{
    private const string Model = "model";
    private const string FirstFields = "first_fields";
    private static readonly string[] Sections = ["fit", "threshold"];

    /// <summary>Gets whether it reads windows of a sequence.</summary>
    public bool ReadsWindows => IsSequence(VariantCatalog.All.Single(v => v.Name == Variant));

    /// <summary>Reads the words of the command line.</summary>
    /// <param name="text">Words separated by spaces; "all" stands for what <paramref name="suite"/> compares by default.</param>
    /// <param name="suite">What is measured.</param>
    /// <exception cref="ArgumentException">A word is neither "all" nor a known variant with settings.</exception>
    public static IReadOnlyList<Candidate> ParseAll(string text, SuiteKind suite) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word == "all" ? All(suite) : [Parse(word)]).DistinctBy(c => c.Name)];

    /// <summary>Writes a configuration: what <c>init</c> proposed for a file, with this candidate as its model.</summary>
    /// <param name="proposed">Text that <c>init</c> wrote.</param>
    /// <param name="alertRate">Share of normal records that the threshold may flag.</param>
    public string Configure(string proposed, double alertRate)
    {
        var own = Settings.GroupBy(s => SectionOf(s.Key)).ToDictionary(g => g.Key, g => g.ToList());
        own.TryAdd(Model, []);
        own[Model].Insert(0, KeyValuePair.Create("variant", Variant));
        if (Variant == "cross-domain" && !own[Model].Exists(s => s.Key == FirstFields))
            own[Model].Add(KeyValuePair.Create(FirstFields, FirstHalf(proposed)));
        if (!own.ContainsKey("threshold"))
            own["threshold"] = [KeyValuePair.Create("method", "alert_rate"), KeyValuePair.Create("alert_rate", FormattableString.Invariant($"{alertRate}"))];

        // Everything after the fields is a default of the product.
        var end = proposed.IndexOf("\n    model:", StringComparison.Ordinal);
        if (end < 0)
            throw new InvalidOperationException("What init wrote has no model section; the bench has to follow its new form.");
        var sections = own.Select(s => $"    {s.Key}: {{ {string.Join(", ", s.Value.Select(v => $"{v.Key[(v.Key.IndexOf('.', StringComparison.Ordinal) + 1)..]}: {v.Value}"))} }}\n");
        return proposed[..(end + 1)] + string.Concat(sections);
    }

    // The open sets name no groups: the first half of the columns against the other.
    private static string FirstHalf(string proposed)
    {
        var features = Feature().Matches(proposed).Select(match => match.Groups[1].Value).ToList();
        return $"[{string.Join(", ", features.Take(features.Count / 2))}]";
    }

    [GeneratedRegex(@"- \{ name: (\S+), kind: (?:numeric|categorical|boolean|timestamp) ")]
    private static partial Regex Feature();

    private static IEnumerable<Candidate> All(SuiteKind suite)
    {
        IEnumerable<string> names = suite switch
        {
            SuiteKind.Tabular => VariantCatalog.All.Where(v => !IsSequence(v)).Select(v => v.Name),
            SuiteKind.Missing => VariantCatalog.All.Select(v => v.Name),
            _ => [VariantCatalog.All[0].Name, "ae", "denoising", .. VariantCatalog.All.Where(IsSequence).Select(v => v.Name)],
        };
        return names.Distinct().Select(Parse);
    }

    private static Candidate Parse(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var variant = colon < 0 ? word : word[..colon];
        if (!VariantCatalog.TryGet(variant, out _))
            throw new ArgumentException($"--variants: found '{variant}'; expected all, or one of {string.Join(", ", VariantCatalog.All.Select(v => v.Name))}.");
        var settings = colon < 0 ? [] : SplitOutsideBrackets(word[(colon + 1)..]).Select(setting =>
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            return equals > 0
                ? KeyValuePair.Create(setting[..equals], setting[(equals + 1)..])
                : throw new ArgumentException($"--variants: found '{setting}' in '{word}'; expected KEY=VALUE.");
        }).ToList();
        return new Candidate(word, variant, settings);
    }

    private static bool IsSequence(VariantDescriptor variant) => variant.OptionsType.IsSubclassOf(typeof(SequenceOptions));

    private static string SectionOf(string key) => Array.Find(Sections, s => key.StartsWith(s + ".", StringComparison.Ordinal)) ?? Model;

    private static IEnumerable<string> SplitOutsideBrackets(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                yield return text[start..i];
                start = i + 1;
            }
            else
            {
                depth += text[i] is '[' or '{' ? 1 : text[i] is ']' or '}' ? -1 : 0;
            }
        }
    }
}
