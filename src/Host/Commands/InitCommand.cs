using System.CommandLine;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Features;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Commands.Declaration;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Ingest.Files;
using Spectre.Console;

namespace AEAnomaly.Host.Commands;

/// <summary><c>init</c>: looks at a sample and writes a configuration that <c>check</c> accepts and <c>run</c> runs.</summary>
internal static class InitCommand
{
    private const string DefaultFile = "aeanomaly.yaml";

    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var topic = new Option<string>("--topic") { Description = "Look at this topic instead of a file.", HelpName = "TOPIC" };
        var bootstrap = new Option<string>("--bootstrap") { Description = "Brokers asked first.", HelpName = "HOST:PORT", DefaultValueFactory = _ => "localhost:9092" };
        bootstrap.AcceptBrokers();
        var name = new Option<string>("--name") { Description = "Name of the detector. Default: that of the file or topic.", HelpName = "NAME" };
        var output = new Option<string>("--out") { Description = $"File to write; - writes to standard output. Default: {DefaultFile}.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite the file." };
        var command = new Command("init", "Look at a sample of records, propose the fields, write a configuration.") { data.Data, topic, bootstrap, data.Label, data.SkipBadRows, name, output, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(data.Data);
            var topicName = parsed.GetValue(topic);
            if (file is null == topicName is null)
                throw new UsageException("say what to look at: --data FILE or --topic TOPIC.");

            var target = parsed.GetValue(output) ?? DefaultFile;
            if (target != "-" && File.Exists(target) && !parsed.GetValue(force))
                throw new CommandFailedException($"{target}: the file exists; --force overwrites it, --out names another.");

            var servers = parsed.GetValue(bootstrap)!;
            var (columns, source) = file is not null
                ? SampleFile(environment, file, parsed.GetValue(data.SkipBadRows))
                : (await SampleTopic.ReadAsync(environment, topicName!, servers, cancellationToken), $"topic {topicName}");
            var (detector, proposals) = DetectorDeclaration.Propose(columns, source, parsed.GetValue(name) ?? DetectorDeclaration.NameOf(topicName ?? file!), parsed.GetValue(data.Label));
            if (topicName is not null)
                detector.Topics = [topicName];
            var history = HistoryProposer.Propose(proposals, columns);
            detector.History = history?.History;
            DetectorDeclaration.Spec(detector, source);

            var records = columns.Count == 0 ? 0 : columns[0].Values.Count;
            var yaml = ConfigurationWriter.Write(detector, [.. proposals.Select(p => p.Reason)], history?.Reason, servers, "./models", FormattableString.Invariant($"{records} records of {source}"));
            RequireValid(yaml, target);
            if (target == "-")
                Report(environment.Error, environment.ErrorTerminal, detector, proposals, history);
            else
                Report(environment.Output, environment.OutputTerminal, detector, proposals, history);
            if (target == "-")
            {
                environment.Output.Write(yaml);
            }
            else
            {
                OutputFile.Write(target, yaml);
                environment.Output.WriteLine();
                environment.Output.WriteLine($"Wrote {target}. Read it, then: aeanomaly check --config {target}; aeanomaly run --config {target}");
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static (IReadOnlyList<SampleColumn> Columns, string Source) SampleFile(CommandEnvironment environment, string path, bool skipBadRows)
    {
        var file = new RecordFile(path, null, path == "-" ? environment.OpenInput() : null);
        var sample = file.Sample(DetectorDeclaration.SampleRows, skipBadRows ? RowErrorHandling.Report : RowErrorHandling.Fail);
        foreach (var note in sample.Notes)
            environment.Error.WriteLine($"{note}.");
        if (sample.Errors.Count > 0)
            environment.Error.WriteLine($"{file.Name}: {sample.Errors.Count} of {sample.Rows + sample.Errors.Count} rows left out; the first: {sample.Errors[0].Error.Message}.");
        return (sample.Columns, file.Name);
    }

    private static void Report(TextWriter output, IAnsiConsole? terminal, DetectorOptions detector, IReadOnlyList<FieldProposal> proposals, HistoryProposal? history)
    {
        output.WriteLine($"detector {detector.Name}");
        output.WriteLine();
        TextTable.Write(output, terminal, ["field", "kind", "reason"], proposals.Select(p => (string[])[p.Field.Name, OptionsShapes.EnumWord(p.Field.Kind), p.Reason]));
        if (history is not null)
        {
            output.WriteLine();
            output.WriteLine($"history: {history.Reason}");
        }
    }

    // A name given by hand may not be a detector's name; better said now than by check.
    private static void RequireValid(string yaml, string target) =>
        ConfigurationLoader.LoadText(yaml, target, new Dictionary<string, string>());
}
