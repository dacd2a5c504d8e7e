using System.CommandLine;
using System.Text.Json;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Host.Training;

namespace AEAnomaly.Host.Commands;

/// <summary><c>check</c>: validates a configuration without side effects, or prints its JSON Schema.</summary>
internal static class CheckCommand
{
    // The schema is read by people too: no escapes for quotes and dashes.
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CommandEnvironment environment)
    {
        var config = CommonOptions.Config();
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of the file instead; editors complete and check it with this." };
        var command = new Command("check", "Validate a configuration without side effects; every error at once.") { config, schema };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema))
            {
                environment.Output.WriteLine(new OptionsSchema([PolymorphicSection.Model]).Build(typeof(AEAnomalyOptions)).ToJsonString(Readable));
                return ExitCodes.Fine;
            }

            var file = parsed.GetValue(config) ?? throw new UsageException("say which file: --config FILE (or --schema for the JSON Schema).");
            var options = environment.LoadConfiguration(file, (all, errors) =>
            {
                DaemonRules.RequireBrokers(all, errors);
                DaemonRules.RequireFolders(all, errors);
            });
            environment.Output.WriteLine($"OK: {file}: {(options.Detectors.Count == 1 ? "1 detector" : $"{options.Detectors.Count} detectors")}.");
            foreach (var detector in options.Detectors)
            {
                var (device, problem) = TrainingDeviceText.Describe(detector.Training);
                environment.Output.WriteLine($"  {Describe(detector)}, trains on {device}");
                if (problem is not null)
                    environment.Error.WriteLine($"warning: {file}: detector {detector.Name}: {problem}");
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static string Describe(DetectorOptions detector)
    {
        var features = detector.Fields.Count(f => FeatureSpec.IsFeature(f.Kind));
        return $"{detector.Name}: {string.Join(", ", detector.Topics)} -> {detector.AlertTopicName}, {detector.Fields.Count} fields ({features} features), bad input to {detector.DeadLetterTopicName}";
    }
}
