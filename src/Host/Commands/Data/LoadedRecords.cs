using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>A file of records in memory, with the detector that describes them.</summary>
/// <param name="Source">What messages call the file.</param>
/// <param name="Detector">Options of the detector, words of the command line applied.</param>
/// <param name="Proposals">How the fields were found, or null when a configuration declares them.</param>
/// <param name="Spec">Declared fields.</param>
/// <param name="Records">Good rows, in order.</param>
/// <param name="BadRows">Rows left out; empty unless that was asked for.</param>
internal sealed record LoadedRecords(
    string Source,
    DetectorOptions Detector,
    IReadOnlyList<FieldProposal>? Proposals,
    FeatureSpec Spec,
    RecordBatch Records,
    IReadOnlyList<RowError> BadRows)
{
    private const int MostBadRowsShown = 20;
    private const int MostValuesShown = 6;

    /// <summary>Reads a file as the options of a command say.</summary>
    /// <param name="environment">Input, and where bad rows are reported.</param>
    /// <param name="parsed">Command line.</param>
    /// <param name="options">Its options.</param>
    /// <param name="variant">Variant where neither words nor configuration name one; the default one when null.</param>
    public static LoadedRecords Load(
        CommandEnvironment environment, System.CommandLine.ParseResult parsed, DataOptions options, Models.Networks.VariantOptions? variant = null)
    {
        var path = parsed.GetValue(options.Data) ?? throw new UsageException("say which records: --data FILE (- reads standard input).");
        var file = new RecordFile(path, null, path == "-" ? environment.OpenInput() : null);
        var label = parsed.GetValue(options.Label);
        IReadOnlyList<FieldProposal>? proposals = null;
        DetectorOptions detector;
        if (parsed.GetValue(options.Config) is { } config)
            detector = DetectorDeclaration.Pick(environment.LoadConfiguration(config), parsed.GetValue(options.Detector), config);
        else
            (detector, proposals) = DetectorDeclaration.Propose(file, label, parsed.GetValue(options.SkipBadRows), environment.Error);

        if (parsed.GetValue(options.Variant) is null)
            detector.Model ??= variant;
        DetectorDeclaration.Adjust(detector, file.Name, label, parsed.GetValue(options.Drop) ?? [], parsed.GetValue(options.Variant), parsed.GetValue(options.Seed));
        DetectorDeclaration.SetNormal(detector, parsed.GetValue(options.LabelNormal) ?? [], file.Name);
        DetectorDeclaration.SetScores(detector, parsed.GetValue(options.Scores));
        var timeField = parsed.GetValue(options.TimeField);
        SequenceFields.SetKey(detector, parsed.GetValue(options.Key), file.Name);
        SequenceFields.SetWindow(detector, parsed.GetValue(options.Window));
        DetectorDeclaration.SetFirstFields(detector, parsed.GetValue(options.FirstFields) ?? [], file.Name);
        SequenceFields.Read(detector, timeField, "--time-field", file.Name);
        SequenceFields.Read(detector, TrainingCondition.Parse(parsed.GetValue(options.TrainWhere))?.Column, "--train-where", file.Name);
        var spec = DetectorDeclaration.Spec(detector, file.Name);
        var records = new RecordBatch(spec, 4096);
        var handling = parsed.GetValue(options.SkipBadRows) ? RowErrorHandling.Report : RowErrorHandling.Fail;
        var bad = file.ReadAll(spec, records, handling);
        foreach (var error in bad.Take(MostBadRowsShown))
            environment.Error.WriteLine($"left out: {error.Error.Message}");
        if (bad.Count > MostBadRowsShown)
            environment.Error.WriteLine($"left out: {bad.Count - MostBadRowsShown} more rows; {bad.Count} of {bad.Count + records.Count} in all");
        if (records.Count == 0)
            throw new CommandFailedException($"{file.Name}: no row could be used; a header alone is not enough.");
        var ordered = SequenceFields.Order(records, detector, timeField, file.Name);
        if (spec.History is not null)
            new KeyHistory(spec).TakeByClock(ordered);
        return new LoadedRecords(file.Name, detector, proposals, spec, ordered, bad);
    }

    /// <summary>Reads the labels of all records.</summary>
    /// <exception cref="UsageException">No field is the label.</exception>
    /// <exception cref="CommandFailedException">All labels say the same.</exception>
    public bool[] ReadLabels()
    {
        if (Spec.LabelField < 0)
        {
            throw new UsageException(
                $"{Source}: no column is the label; name it with --label COL. It has {string.Join(", ", Spec.Fields.Select(f => f.EffectivePath).Take(30))}.");
        }

        var labels = new bool[Records.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = IsLabelledAnomaly(i);

        if (!labels.Contains(!labels[0]))
        {
            throw new CommandFailedException(
                $"{Source}: the label column '{Spec.Fields[Spec.LabelField].EffectivePath}' is constant: all {labels.Length} rows are {(labels[0] ? "anomalies" : "normal")}. Measuring needs both. {NormalAdvice()}");
        }

        return labels;
    }

    /// <summary>Tells whether a record's label means an anomaly; no label column, no anomaly.</summary>
    public bool IsLabelledAnomaly(int row) =>
        Spec.LabelField >= 0 && LabelWord.IsAnomaly(Encoding.UTF8.GetString(Records.Text(Spec.LabelField, row)), Spec.Fields[Spec.LabelField].Normal);

    /// <summary>Says which values the label has, which of them mean normal, and how to say otherwise.</summary>
    public string NormalAdvice()
    {
        var field = Spec.Fields[Spec.LabelField];
        var values = Enumerable.Range(0, Records.Count).Select(row => Encoding.UTF8.GetString(Records.Text(Spec.LabelField, row)))
            .GroupBy(value => value, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ToArray();
        var shown = string.Join(", ", values.Take(MostValuesShown).Select(group => FormattableString.Invariant($"'{group.Key}' {group.Count():N0}")));
        var known = field.Normal.Count > 0 ? string.Join(", ", field.Normal) : LabelWord.KnownNormal;
        var value = values[0].Key.Length > 0 ? values[0].Key : "VALUE";
        return $"Its values: {shown}{(values.Length > MostValuesShown ? " and others" : "")}. {known} mean normal, anything else an anomaly; "
            + $"say otherwise with --label-normal {value}, or with normal: [{value}] in the field's declaration.";
    }
}
