using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Commands.Declaration;
using AEAnomaly.Host.Commands.Evaluation;
using AEAnomaly.Host.Commands.Registry;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Host.Commands;

/// <summary><c>train</c>: trains a model version on a file and stores it as the daemon does.</summary>
internal static class TrainCommand
{
    private const int VersionsKept = 10;

    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var directory = new Option<string>("--out") { Description = "Folder of model versions. Default: models.directory of the configuration.", HelpName = "DIR" };
        var name = new Option<string>("--name") { Description = "Name of the detector, without a configuration. Default: that of the file.", HelpName = "NAME" };
        var initial = new Option<string>("--init-from")
        {
            Description = "Begin from the weights of a stored version of the same variant, where fields match: a folder of model versions, DIR/DETECTOR or DIR/DETECTOR/VERSION.",
            HelpName = "MODEL",
        };
        var output = CommonOptions.OutputFormat();
        var command = new Command("train", "Train a model version on a file of mostly normal records; rows labelled as anomalies are left out.") { directory, name, initial, output };
        data.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var config = parsed.GetValue(data.Config);
            var configured = config is null ? null : environment.LoadConfiguration(config).Models;
            var folder = parsed.GetValue(directory) ?? configured?.Directory ?? throw new UsageException("say where the version is kept: --out DIR, or --config FILE with models.directory.");
            var source = parsed.GetValue(initial) is { } path ? StoredModelPath.Load(path, "--init-from") : null;
            var loaded = LoadedRecords.Load(environment, parsed, data, source?.Model.Variant);
            var detector = loaded.Detector;
            if (config is null && parsed.GetValue(name) is { } chosen)
                detector.Name = DetectorDeclaration.NameOf(chosen);

            var window = NormalRecords(loaded);
            TrainedDetector trained;
            var fitter = CommandFitter.Create(environment, parsed, data, loaded.Detector);
            using (var progress = new TrainingProgressLine(environment))
                trained = DetectorTrainer.TrainFrom(loaded.Spec, detector, window, source, environment.Time, progress, fitter, cancellationToken);

            HistoryRange range = new(loaded.Source, 0, 0, loaded.Records.Count + loaded.BadRows.Count);
            var manifest = trained.Describe(detector.Name, "command", environment.Time.GetUtcNow(), 0, [range]);
            var store = new DirectoryModelStore(folder, configured?.Keep ?? VersionsKept);
            manifest = store.Save(manifest, trained.Model);
            if (VersionDates.Problem(store.List(detector.Name), environment.Time.GetUtcNow()) is { } problem)
                environment.Warn($"{folder}: {problem}. The new version follows them and is the current one.");
            string? written = null;
            if (config is null)
            {
                // Whoever scores with the folder later needs the fields, which the weights do not hold.
                written = Path.Combine(folder, detector.Name + ".yaml");
                detector.Topics = [detector.Name];
                OutputFile.Write(written, ConfigurationWriter.Write(
                    detector, [.. loaded.Proposals!.Select(p => p.Reason)], null, "localhost:9092", Path.GetFullPath(folder), loaded.Source));
            }

            if (parsed.GetValue(output) == "json")
                environment.Output.WriteLine(Json(manifest, folder, written, loaded.Records.Count - window.Count, source?.Manifest, trained.Model.Reuse).ToJsonString());
            else
                WriteText(environment.Output, manifest, folder, written, loaded.Records.Count - window.Count, source?.Manifest, trained.Model.Reuse);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static RecordBatch NormalRecords(LoadedRecords loaded)
    {
        if (loaded.Spec.LabelField < 0 && loaded.Spec.History is null)
            return loaded.Records;
        var normal = new List<int>(loaded.Records.Count);
        for (var i = 0; i < loaded.Records.Count; i++)
        {
            if (!loaded.IsLabelledAnomaly(i))
                normal.Add(i);
        }

        return normal.Count > 0
            ? SequenceRows.Take(loaded.Records, HistoryWarmUp.Without(loaded.Records, normal.ToArray()))
            : throw new CommandFailedException($"{loaded.Source}: every row is labelled as an anomaly by '{loaded.Spec.Fields[loaded.Spec.LabelField].EffectivePath}'; training needs normal rows. {loaded.NormalAdvice()}");
    }

    private static JsonObject Json(ModelManifest manifest, string folder, string? config, int leftOut, ModelManifest? source, WeightReuse? reuse) => new()
    {
        ["detector"] = manifest.Detector,
        ["version"] = manifest.Version,
        ["directory"] = folder,
        ["config"] = config,
        ["rows"] = manifest.WindowRecords,
        ["labelled_rows_left_out"] = leftOut,
        ["variant"] = manifest.Network.Variant,
        ["init_from"] = reuse is null ? null : new JsonObject
        {
            ["detector"] = source!.Detector,
            ["version"] = source.Version,
            ["features_reused"] = reuse.Features,
            ["features"] = reuse.AllFeatures,
            ["layers_reused"] = reuse.Layers,
            ["layers"] = reuse.AllLayers,
        },
        ["device"] = manifest.Network.Report.Device,
        ["parameters"] = manifest.Network.Parameters,
        ["steps"] = manifest.Network.Report.Steps,
        ["held_out_loss"] = manifest.Network.Report.HeldOutLoss,
        ["threshold"] = manifest.Threshold.Value,
        ["held_out_scores"] = manifest.Threshold.HeldOutScores,
        ["alarm_rate_at_most"] = Math.Round(manifest.Threshold.AlarmRateAtMost, 6),
        ["fit_seconds"] = Math.Round(manifest.Network.Report.Duration.TotalSeconds, 3),
    };

    private static void WriteText(TextWriter output, ModelManifest manifest, string folder, string? config, int leftOut, ModelManifest? source, WeightReuse? reuse)
    {
        var report = manifest.Network.Report;
        var without = leftOut > 0 ? $", {leftOut:N0} rows labelled as anomalies left out" : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"trained {manifest.Detector} version {manifest.Version}: {manifest.Network.Variant}, {manifest.WindowRecords:N0} rows{without}, {report.Steps:N0} steps on {report.Device} in {report.Duration.TotalSeconds:0.0} s"));
        if (reuse is not null)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"reused {reuse.Features} of {reuse.AllFeatures} features' input weights and {reuse.Layers} of {reuse.AllLayers} layers of {source!.Detector} version {source.Version}"));
        }

        output.WriteLine("threshold " + ThresholdText.Write(manifest.Threshold));
        if (ThresholdText.Uncertainty(manifest.Threshold) is { } uncertainty)
            output.WriteLine(uncertainty);
        output.WriteLine($"stored in {Path.Combine(folder, manifest.Detector, manifest.Version)}");
        if (config is not null)
            output.WriteLine($"fields in {config}; score with: aeanomaly score --model {folder} --data FILE");
    }
}
