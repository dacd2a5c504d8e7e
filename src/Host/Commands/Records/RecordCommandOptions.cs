using System.CommandLine;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Records;

/// <summary>The words of the commands that take a file of records to a stored version and write a line for each: <c>embed</c>, <c>denoise</c>, <c>impute</c>.</summary>
internal sealed class RecordCommandOptions
{
    private readonly CommandEnvironment _environment;
    private readonly Argument<string?> _file = new("FILE") { Description = "Records, as --data names them.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _data = new DataOptions().Data;
    private readonly StoredModelOptions _stored;
    private readonly Option<string[]> _keep = new("--keep") { Description = "Column that is written as it is, though it is a key, masked or no field; may be repeated.", HelpName = "COL", DefaultValueFactory = _ => [] };
    private readonly Option<string> _output = CommonOptions.OneOf("--output", "json: an object a line; csv: with a header, without the rows that cannot be read.", "json", "csv");

    public RecordCommandOptions(CommandEnvironment environment)
    {
        _environment = environment;
        _stored = new StoredModelOptions(environment);
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        command.Options.Add(_data);
        _stored.AddTo(command);
        command.Options.Add(_keep);
        command.Options.Add(_output);
    }

    /// <summary>Loads what the words name.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="withFeatures">Whether features are written too, beside the fields that are only carried through.</param>
    /// <param name="after">Findings of a row beyond score, ratio and verdict.</param>
    public RecordCommandRun Open(ParseResult parsed, bool withFeatures, Func<Models.Frozen.FrozenModel, IReadOnlyList<string>> after)
    {
        var path = Path(parsed);
        var (detector, folder) = _stored.Declared(parsed);
        foreach (var name in parsed.GetValue(_keep) ?? [])
        {
            var i = DetectorDeclaration.IndexOf(detector, name, "--keep", detector.Name);
            detector.Fields[i] = detector.Fields[i] with { PassThrough = PassThrough.Plain };
        }

        var snapshot = _stored.Load(parsed, detector, folder);
        var file = new RecordFile(path, null, path == "-" ? _environment.OpenInput() : null);
        var spec = snapshot.Encoder.Spec;
        int[] fields = [.. Enumerable.Range(0, spec.Fields.Count).Where(i => IsWritten(spec.Fields[i], withFeatures))];
        RecordLines lines = parsed.GetValue(_output) == "csv"
            ? new CsvRecordLines(_environment.RawOutput, spec, fields, ["row"], ["score", "ratio", "verdict", .. after(snapshot.Model)])
            : new JsonRecordLines(_environment.Output, spec, fields);
        return new RecordCommandRun(_environment, file, snapshot, lines);
    }

    private string Path(ParseResult parsed)
    {
        var (file, data) = (parsed.GetValue(_file), parsed.GetValue(_data));
        return file is not null && data is not null
            ? throw new UsageException($"records are named twice: '{file}' and --data {data}; leave one out.")
            : file ?? data ?? throw new UsageException("say which records: FILE or --data FILE (- reads standard input).");
    }

    private static bool IsWritten(FieldSpec field, bool withFeatures) =>
        field.History is null && (field.Kind == FieldKind.Key || field.PassThrough != PassThrough.None || (withFeatures && FeatureSpec.IsFeature(field.Kind)));
}
