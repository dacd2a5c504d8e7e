using System.CommandLine;
using System.Globalization;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands;

/// <summary><c>score</c>: scores a file with a stored version; one JSON line for each row, bad rows among them.</summary>
internal static class ScoreCommand
{
    private const int BatchRows = 1024;
    private const int MostBadRowsShown = 20;

    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var model = new Option<string>("--model") { Description = "Folder of model versions, as 'train --out' made it. Default: models.directory of the configuration.", HelpName = "DIR" };
        var version = new Option<string>("--model-version") { Description = "Version to score with. Default: the current one.", HelpName = "VERSION" };
        var top = new Option<int>("--top") { Description = "Features that explain each row; 0 leaves them out and is faster.", HelpName = "N", DefaultValueFactory = _ => 3 };
        top.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var count) && count is < 0 or > 1000)
                result.AddError($"--top: found '{count}'; expected a whole number from 0 to 1000.");
        });
        var command = new Command("score", "Score a file with a stored version; one JSON line a row, bad rows too.") { data.Data, model, version, data.Config, data.Detector, top };
        command.SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(data.Data) ?? throw new UsageException("say which records: --data FILE (- reads standard input).");
            var (detector, folder) = Declared(environment, parsed.GetValue(model), parsed.GetValue(data.Config), parsed.GetValue(data.Detector));
            var spec = DetectorDeclaration.Spec(detector, folder);
            var snapshot = new DirectoryModelStore(folder).Load(detector.Name, parsed.GetValue(version), spec)
                ?? throw new CommandFailedException($"{folder}: detector '{detector.Name}' has no version yet; 'aeanomaly train --data FILE --out {folder}' makes one.");
            var file = new RecordFile(path, null, path == "-" ? environment.OpenInput() : null);
            Score(environment, file, snapshot, parsed.GetValue(top), cancellationToken);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static (DetectorOptions Detector, string Folder) Declared(CommandEnvironment environment, string? folder, string? config, string? name)
    {
        if (config is not null)
        {
            var options = environment.LoadConfiguration(config);
            return (DetectorDeclaration.Pick(options, name, config), folder ?? options.Models.Directory);
        }

        if (folder is null)
            throw new UsageException("say which model: --model DIR (as 'train --out' made it) or --config FILE.");
        var found = FindConfiguration(folder, name);
        return (DetectorDeclaration.Pick(environment.LoadConfiguration(found), name, found), folder);
    }

    private static string FindConfiguration(string folder, string? name)
    {
        if (!Directory.Exists(folder))
            throw new CommandFailedException($"{folder}: there is no such folder; 'aeanomaly train --data FILE --out {folder}' makes it.");
        if (name is not null)
        {
            var named = Path.Combine(folder, name + ".yaml");
            return File.Exists(named) ? named : throw new CommandFailedException($"{named}: the fields of detector '{name}' are not declared there; name the configuration with --config FILE.");
        }

        var files = Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal).ToArray();
        return files.Length switch
        {
            1 => files[0],
            0 => throw new CommandFailedException($"{folder}: no *.yaml declares the fields; name the configuration with --config FILE."),
            _ => throw new UsageException($"{folder} has {files.Length} detectors ({string.Join(", ", files.Select(Path.GetFileNameWithoutExtension))}); say which: --detector NAME."),
        };
    }

    private static void Score(CommandEnvironment environment, RecordFile file, ModelSnapshot snapshot, int top, CancellationToken cancellationToken)
    {
        var scorer = new RecordScorer(snapshot.Encoder, snapshot.Model);
        if (top > 0)
            scorer.KeepWindowsAbove = float.NegativeInfinity;
        var explainer = top > 0 ? new Explainer(snapshot.Encoder, snapshot.Model, top) : null;
        var batch = new RecordBatch(snapshot.Encoder.Spec, BatchRows);
        var lines = new ScoreLines(environment.Output, snapshot);
        long anomalies = 0, rows = 0, warming = 0;
        using var reader = file.OpenReader(snapshot.Encoder.Spec, RowErrorHandling.Report);
        while (reader.Read(batch, BatchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scores = scorer.Score(batch);
            var error = 0;
            for (var i = 0; i <= batch.Count; i++)
            {
                // Bad rows come out where they stood.
                var row = i < batch.Count ? batch.Origins[i].Offset : long.MaxValue;
                for (; error < reader.Errors.Count && reader.Errors[error].Row < row; error++)
                    Report(environment, lines, reader.Errors[error], reader.BadRows - reader.Errors.Count + error);
                if (i == batch.Count)
                    break;
                if (RecordScorer.IsWarming(scores[i]))
                    lines.WriteWarming(row + 1);
                else
                    lines.Write(row + 1, scores[i], explainer?.Explain(batch, i, scorer));
                anomalies += scores[i] > snapshot.Threshold.Value ? 1 : 0;
            }

            rows += batch.Count - scorer.WarmingRecords;
            warming += scorer.WarmingRecords;
            batch.Clear();
        }

        environment.Output.Flush();
        environment.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Name}: {rows:N0} rows scored by {snapshot.Manifest.Detector} version {snapshot.Version}, {anomalies:N0} anomalies, {(warming > 0 ? $"{warming:N0} rows before their window was full, " : "")}{reader.BadRows:N0} bad rows"));
    }

    private static void Report(CommandEnvironment environment, ScoreLines lines, in RowError error, long before)
    {
        lines.Write(error);
        if (before < MostBadRowsShown)
            environment.Error.WriteLine($"bad row: {error.Error.Message}");
    }
}
