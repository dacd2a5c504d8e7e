using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Registry;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Commands;

/// <summary><c>models</c>: lists and shows stored versions, goes back to one, asks the daemon to retrain.</summary>
internal static class ModelsCommand
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CommandEnvironment environment) => new("models", "List, show, roll back and retrain model versions.")
    {
        CreateList(environment), CreateShow(environment), CreateRollback(environment), CreateRetrain(environment),
    };

    private static Command CreateList(CommandEnvironment environment)
    {
        var folder = new ModelFolder(environment);
        var detector = new Argument<string?>("DETECTOR") { Description = "Detector; all of them when not given.", Arity = ArgumentArity.ZeroOrOne };
        var output = CommonOptions.OutputFormat();
        var command = new Command("list", "List versions, the newest first; the current one is marked.") { detector, folder.Config, folder.Folder, output };
        command.SetAction(parsed =>
        {
            var path = folder.FolderOf(parsed, folder.Load(parsed));
            var store = ModelFolder.Open(path);
            string[] names = parsed.GetValue(detector) is { } name ? [name] : ModelFolder.Detectors(path);
            var versions = names.SelectMany(n => store.List(n).Select(v => (Detector: n, Version: v))).ToArray();
            if (VersionDates.Problem(versions.Select(v => v.Version), environment.Time.GetUtcNow()) is { } problem)
                environment.Warn($"{path}: {problem}.");
            if (parsed.GetValue(output) == "json")
            {
                environment.Output.WriteLine(new JsonArray([.. versions.Select(v => Summary(v.Detector, v.Version))]).ToJsonString(Readable));
                return ExitCodes.Fine;
            }

            if (versions.Length == 0)
                environment.Output.WriteLine($"{path}: no versions yet{(names.Length == 1 ? $" of detector '{names[0]}'" : "")}.");
            else
                TextTable.Write(environment.Output, environment.OutputTerminal, ["", "detector", "version", "variant", "records", "threshold", "trigger", "problem"], versions.Select(v => Row(v.Detector, v.Version)));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command CreateShow(CommandEnvironment environment)
    {
        var folder = new ModelFolder(environment);
        var detector = new Argument<string>("DETECTOR") { Description = "Detector." };
        var version = new Argument<string?>("VERSION") { Description = "Version; the current one when not given.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("show", "Print the manifest of a version as JSON.") { detector, version, folder.Config, folder.Folder };
        command.SetAction(parsed =>
        {
            var path = folder.FolderOf(parsed, folder.Load(parsed));
            var name = parsed.GetValue(detector)!;
            var wanted = parsed.GetValue(version);
            var versions = ModelFolder.Open(path).List(name);
            var found = versions.FirstOrDefault(v => wanted is null ? v.Current : v.Version == wanted)
                ?? throw new CommandFailedException(versions.Count == 0
                    ? $"{path}: detector '{name}' has no versions. Detectors there: {string.Join(", ", ModelFolder.Detectors(path))}."
                    : $"{path}: detector '{name}' has no version '{wanted ?? "(current)"}'. There are: {string.Join(", ", versions.Select(v => v.Version))}.");
            if (found.Problem is { } problem)
                environment.Error.WriteLine($"problem: {problem}");
            if (found.Manifest is null)
                return ExitCodes.Failed;
            environment.Output.Write(File.ReadAllText(Path.Combine(path, name, found.Version, "manifest.json")).TrimEnd() + Environment.NewLine);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command CreateRollback(CommandEnvironment environment)
    {
        var folder = new ModelFolder(environment);
        var detector = new Argument<string>("DETECTOR") { Description = "Detector." };
        var version = new Argument<string?>("VERSION") { Description = "Version to go back to; the one before the current when not given.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("rollback", "Make an older version the current one; a running daemon swaps at once.") { detector, version, folder.Config, folder.Folder, folder.Url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = folder.Load(parsed);
            var name = parsed.GetValue(detector)!;
            if (folder.UrlOf(parsed, options) is { } url)
            {
                using var daemon = folder.Connect(url, options);
                if (await daemon.PostAsync(name, "rollback", parsed.GetValue(version), cancellationToken) is { } answer)
                {
                    environment.Output.WriteLine($"{name}: {answer}");
                    return ExitCodes.Fine;
                }

                if (parsed.GetValue(folder.Url) is not null)
                    throw new CommandFailedException($"{daemon.BaseAddress}: no daemon listens there; leave --url out to roll back in the folder alone.");
            }

            var path = folder.FolderOf(parsed, options);
            var current = ModelFolder.Open(path).Rollback(name, parsed.GetValue(version));
            environment.Output.WriteLine($"{name}: version {current} is the current one in {path}. A daemon that runs elsewhere takes it at its next start.");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command CreateRetrain(CommandEnvironment environment)
    {
        var folder = new ModelFolder(environment);
        var detector = new Argument<string>("DETECTOR") { Description = "Detector." };
        var command = new Command("retrain", "Ask the running daemon to retrain a detector now.") { detector, folder.Config, folder.Url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(detector)!;
            environment.Output.WriteLine($"{name}: {await folder.AskAsync(parsed, name, "retrain", cancellationToken)}");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static string[] Row(string detector, ModelVersion version) =>
    [
        version.Current ? "*" : "",
        detector,
        version.Version,
        version.Manifest?.Network.Variant ?? "?",
        version.Manifest?.WindowRecords.ToString("N0", CultureInfo.InvariantCulture) ?? "?",
        version.Manifest?.Threshold.Value.ToString("G5", CultureInfo.InvariantCulture) ?? "?",
        version.Manifest?.Trigger ?? "?",
        version.Problem ?? "",
    ];

    private static JsonObject Summary(string detector, ModelVersion version) => new()
    {
        ["detector"] = detector,
        ["version"] = version.Version,
        ["current"] = version.Current,
        ["variant"] = version.Manifest?.Network.Variant,
        ["records"] = version.Manifest?.WindowRecords,
        ["threshold"] = version.Manifest?.Threshold.Value,
        ["trigger"] = version.Manifest?.Trigger,
        ["created_at"] = version.Manifest?.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
        ["problem"] = version.Problem,
    };
}
