using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Ingest.Files;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Decides what a detector on a file is: declared by a configuration, or proposed from a sample of the file.</summary>
internal static class DetectorDeclaration
{
    /// <summary>Rows looked at to propose fields.</summary>
    public const int SampleRows = 10_000;

    /// <summary>Takes the detector a user means from a configuration.</summary>
    /// <exception cref="UsageException">There is no such detector, or there are several and none was named.</exception>
    public static DetectorOptions Pick(AEAnomalyOptions options, string? name, string source)
    {
        var names = string.Join(", ", options.Detectors.Select(d => d.Name));
        if (name is not null)
        {
            var near = ClosestName.Find(name, options.Detectors.Select(d => d.Name));
            return options.Detectors.FirstOrDefault(d => d.Name == name)
                ?? throw new UsageException($"{source} has no detector '{name}'{(near is null ? "" : $"; did you mean '{near}'?")} It has {names}.");
        }

        return options.Detectors.Count == 1
            ? options.Detectors[0]
            : throw new UsageException($"{source} has {options.Detectors.Count} detectors ({names}); say which: --detector NAME.");
    }

    /// <summary>Proposes a detector from a sample.</summary>
    /// <param name="file">File to look at.</param>
    /// <param name="label">Column named as the label, or null.</param>
    /// <param name="skipBadRows">Whether a bad row is left out of the sample instead of ending the work; it is reported when the file is read.</param>
    /// <param name="notes">Where what the sample left out is said.</param>
    public static (DetectorOptions Detector, IReadOnlyList<FieldProposal> Proposals) Propose(RecordFile file, string? label, bool skipBadRows, TextWriter notes)
    {
        var sample = file.Sample(SampleRows, skipBadRows ? RowErrorHandling.Report : RowErrorHandling.Fail);
        foreach (var note in sample.Notes)
            notes.WriteLine($"{note}.");
        return Propose(sample.Columns, file.Name, NameOf(file.Name), label);
    }

    /// <summary>Proposes a detector from sampled columns.</summary>
    /// <exception cref="UsageException">No column has the label's name.</exception>
    public static (DetectorOptions Detector, IReadOnlyList<FieldProposal> Proposals) Propose(
        IReadOnlyList<SampleColumn> columns, string source, string name, string? label)
    {
        if (label is not null && !columns.Any(c => c.Path == label))
            throw new UsageException(NoColumn(label, "--label", source, columns.Select(c => c.Path)));
        var proposals = FieldProposer.Propose(columns, label);
        return (new DetectorOptions { Name = name, Topics = [name], Fields = [.. proposals.Select(p => p.Field)] }, proposals);
    }

    /// <summary>Says which values of the label mean normal.</summary>
    /// <exception cref="UsageException">No field is the label.</exception>
    public static void SetNormal(DetectorOptions detector, IReadOnlyList<string> normal, string source)
    {
        if (normal.Count == 0)
            return;
        for (var i = 0; i < detector.Fields.Count; i++)
        {
            if (detector.Fields[i].Kind != FieldKind.Label)
                continue;
            detector.Fields[i] = detector.Fields[i] with { Normal = normal };
            return;
        }

        throw new UsageException($"--label-normal: {source} has no label; name it with --label COL.");
    }

    /// <summary>Lays the words of the command line over a detector: dropped columns, the label, variant and seed.</summary>
    public static void Adjust(DetectorOptions detector, string source, string? label, IReadOnlyList<string> drop, string? variant, int? seed)
    {
        foreach (var name in drop)
            SetKind(detector, name, FieldKind.Ignore, "--drop", source);
        if (label is not null)
        {
            for (var i = 0; i < detector.Fields.Count; i++)
            {
                if (detector.Fields[i].Kind == FieldKind.Label)
                    detector.Fields[i] = detector.Fields[i].As(FieldKind.Ignore);
            }

            SetKind(detector, label, FieldKind.Label, "--label", source);
        }

        if (variant is not null)
        {
            if (!VariantCatalog.TryGet(variant, out _))
            {
                var names = VariantCatalog.All.Select(v => v.Name).ToArray();
                throw new UsageException($"--variant: found '{variant}'; expected one of {string.Join(", ", names)}.");
            }

            detector.Model = VariantCatalog.CreateOptions(variant);
        }

        detector.Model ??= VariantCatalog.CreateOptions(VariantCatalog.All[0].Name);
        if (seed is { } value)
            detector.Fit.Seed = value;
    }

    /// <summary>Sets the first field group of a variant that has two.</summary>
    /// <exception cref="UsageException">The variant has no field groups, or no column has the name.</exception>
    public static void SetFirstFields(DetectorOptions detector, IReadOnlyList<string> columns, string source)
    {
        if (columns.Count == 0)
            return;
        if (detector.Model is not CrossDomainOptions options)
            throw new UsageException($"--first-fields: variant '{VariantCatalog.Describe(detector.Model!).Name}' has no field groups; --variant cross-domain has.");
        var names = columns.SelectMany(column => column.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        options.FirstFields = [.. names.Select(name => detector.Fields[IndexOf(detector, name, "--first-fields", source)].Name)];
    }

    /// <summary>Chooses the scores of a detector that has its variant.</summary>
    /// <param name="detector">Detector.</param>
    /// <param name="scores">Names with commas between them, or null.</param>
    /// <exception cref="UsageException">A name is unknown, or the variant has no such score.</exception>
    public static void SetScores(DetectorOptions detector, string? scores)
    {
        if (scores is null)
            return;

        var kinds = new List<ScoreKind>();
        foreach (var name in scores.Split(',', StringSplitOptions.TrimEntries))
        {
            var known = Enum.GetValues<ScoreKind>().Where(kind => ScoreKinds.NameOf(kind) == name).ToArray();
            if (known.Length == 0)
                throw new UsageException($"--scores: found '{name}'; expected one or more, with commas between them, of {string.Join(", ", Enum.GetValues<ScoreKind>().Select(ScoreKinds.NameOf))}.");
            kinds.Add(known[0]);
        }

        detector.Model!.Scores = kinds;
        if (VariantCatalog.ScoreProblems(detector.Model).Select(problem => problem.Text).FirstOrDefault() is { } problem)
            throw new UsageException($"--scores: {problem}");
    }

    /// <summary>Makes the feature spec, with a message for users where it cannot be one.</summary>
    public static FeatureSpec Spec(DetectorOptions detector, string source)
    {
        if (!detector.Fields.Any(f => FeatureSpec.IsFeature(f.Kind)))
        {
            throw new CommandFailedException(
                $"{source}: no column is a feature ({string.Join(", ", detector.Fields.Select(f => $"{f.Name}: {OptionsShapes.EnumWord(f.Kind)}"))}); drop fewer columns, or declare the fields with --config.");
        }

        if (detector.History is { } history && HistoryDeclaration.Problems(history, detector.Fields) is [var (key, problem), ..])
            throw new UsageException($"{source}: history.{key}: {problem}");
        return detector.ToSpec();
    }

    /// <summary>Makes a detector's name of a file's: "data/Card Payments.csv.gz" is "card-payments".</summary>
    public static string NameOf(string file)
    {
        var name = Path.GetFileName(file);
        foreach (var ending in new[] { ".gz", ".zst", ".csv", ".tsv", ".ndjson", ".jsonl", ".json", ".parquet", ".txt" })
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                name = name[..^ending.Length];
        }

        var letters = name.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.' ? c : '-');
        name = string.Concat(letters).Trim('-', '.', '_');
        return name.Length == 0 ? "detector" : name.Length > 63 ? name[..63] : name;
    }

    /// <summary>Finds a field by its name or path.</summary>
    /// <exception cref="UsageException">There is none; the message lists those there are.</exception>
    public static int IndexOf(DetectorOptions detector, string name, string option, string source)
    {
        for (var i = 0; i < detector.Fields.Count; i++)
        {
            if (detector.Fields[i].Name == name || detector.Fields[i].EffectivePath == name)
                return i;
        }

        throw new UsageException(NoColumn(name, option, source, detector.Fields.Select(f => f.EffectivePath)));
    }

    /// <summary>Changes what a field is.</summary>
    /// <exception cref="UsageException">There is no such field.</exception>
    public static void SetKind(DetectorOptions detector, string name, FieldKind kind, string option, string source)
    {
        var i = IndexOf(detector, name, option, source);
        detector.Fields[i] = detector.Fields[i].As(kind);
    }

    private static string NoColumn(string name, string option, string source, IEnumerable<string> columns)
    {
        var all = columns.ToArray();
        var near = ClosestName.Find(name, all);
        var shown = string.Join(", ", all.Take(12)) + (all.Length > 12 ? $" and {all.Length - 12} more" : "");
        return $"{option}: {source} has no column '{name}'; {(near is null ? "" : $"did you mean '{near}'? ")}It has {shown}.";
    }
}
