using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Ingest.Files;
using AEAnomaly.Ingest.Kafka;
using Spectre.Console;

namespace AEAnomaly.Host.Commands;

/// <summary><c>replay</c>: produces the rows of a file to a topic, at a rate, or in event-time order.</summary>
internal static class ReplayCommand
{
    private static readonly TimeSpan FlushBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var topic = new Option<string>("--topic", "-t") { Description = "Topic to produce to; with --from-dlq by default the one that each record came from.", HelpName = "TOPIC" };
        var deadLetters = new Option<string>("--from-dlq") { Description = "Produce what this dead-letter topic holds instead of a file.", HelpName = "TOPIC" };
        var reasons = new Option<string[]>("--reason") { Description = "Only dead letters of this reason; may be repeated.", HelpName = "REASON", DefaultValueFactory = _ => [] };
        var isDry = new Option<bool>("--dry-run") { Description = "Say what would be produced from the dead-letter topic, and produce nothing." };
        var bootstrap = new Option<string>("--bootstrap") { Description = "Brokers asked first. Default: those of the configuration, else localhost:9092.", HelpName = "HOST:PORT" };
        bootstrap.AcceptBrokers();
        var rate = new Option<double?>("--rate") { Description = "Records a second. Default: as fast as the cluster takes them.", HelpName = "R" };
        var timeField = new Option<string>("--time-field") { Description = "Column whose time orders the records and becomes their timestamp.", HelpName = "COL" };
        var keyField = new Option<string>("--key-field") { Description = "Column that becomes the message key.", HelpName = "COL" };
        rate.Validators.Add(result =>
        {
            if (result.Tokens is [var word, ..] && double.TryParse(word.Value, CultureInfo.InvariantCulture, out var value) && !(value > 0 && double.IsFinite(value)))
                result.AddError($"--rate: found '{word.Value}'; expected a number of records a second above 0.");
        });
        var command = new Command("replay", "Produce the rows of a file to a topic as JSON, at a rate or in event-time order; or dead letters to where they came from.")
        {
            data.Data, deadLetters, topic, bootstrap, data.Config, rate, timeField, keyField, reasons, isDry,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(deadLetters) is { } from)
            {
                foreach (var option in new Option[] { data.Data, rate, timeField, keyField })
                {
                    if (parsed.GetResult(option) is { Implicit: false })
                        throw new UsageException($"{option.Name} does not go with --from-dlq.");
                }

                var cluster = Cluster(environment, parsed.GetValue(data.Config), parsed.GetValue(bootstrap)).Kafka;
                new DeadLetterReplay(environment, cluster, parsed.GetValue(topic), parsed.GetValue(reasons) ?? []).Run(from, parsed.GetValue(isDry), cancellationToken);
                return ExitCodes.Fine;
            }

            if (parsed.GetValue(reasons) is { Length: > 0 } || parsed.GetValue(isDry))
                throw new UsageException("--reason and --dry-run go with --from-dlq.");
            var target = parsed.GetValue(topic) ?? throw new UsageException("say where to: --topic TOPIC.");
            var path = parsed.GetValue(data.Data) ?? throw new UsageException("say which records: --data FILE (- reads standard input).");
            var (kafka, configured) = Cluster(environment, parsed.GetValue(data.Config), parsed.GetValue(bootstrap));
            var file = new RecordFile(path, null, path == "-" ? environment.OpenInput() : null);
            var options = new ReplayOptions
            {
                KeyField = parsed.GetValue(keyField),
                TimeField = parsed.GetValue(timeField),
                SortByTime = parsed.GetValue(timeField) is not null,
                RecordsPerSecond = parsed.GetValue(rate),
                TextColumns = [.. configured?.Detectors.SelectMany(detector => detector.Fields).Where(field => field.Decimal == ",").Select(field => field.EffectivePath) ?? []],
            };
            using var producer = new TopicProducer(kafka);
            await ProduceAsync(environment, new FileReplay(file, options, environment.Time), producer, file.Name, target, kafka.BootstrapServers, cancellationToken);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static (KafkaOptions Kafka, AEAnomalyOptions? Configured) Cluster(CommandEnvironment environment, string? config, string? servers)
    {
        var configured = config is null ? null : environment.LoadConfiguration(config);
        var kafka = configured?.Kafka ?? new KafkaOptions { BootstrapServers = "localhost:9092" };
        if (servers is not null)
            kafka.BootstrapServers = servers;
        return (kafka, configured);
    }

    private static async Task ProduceAsync(
        CommandEnvironment environment, FileReplay replay, TopicProducer producer, string file, string topic, string servers, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var nextProgress = ProgressInterval;
        var progress = environment.ErrorTerminal is { } terminal ? new LiveBlock(terminal) : null;
        try
        {
            await foreach (var message in replay.ReadAsync(cancellationToken))
            {
                producer.Produce(topic, message.Key.IsEmpty ? null : message.Key.ToArray(), message.Value.ToArray(), timestamp: message.Timestamp, cancellationToken: cancellationToken);
                if (producer.Failed > 0)
                    break;
                if (progress is not null && watch.Elapsed >= nextProgress)
                {
                    nextProgress = watch.Elapsed + ProgressInterval;
                    progress.Show(new Text(string.Create(CultureInfo.InvariantCulture, $"{producer.Produced:N0} records, {producer.Acknowledged:N0} acknowledged")));
                }
            }
        }
        finally
        {
            // What was handed over before a bad row or Ctrl+C still arrives.
            producer.Flush(FlushBound, cancellationToken);
            progress?.Dispose();
            environment.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: {producer.Acknowledged:N0} of {producer.Produced:N0} records are in topic {topic} at {servers}, {producer.Acknowledged / Math.Max(1e-9, watch.Elapsed.TotalSeconds):N0} a second"));
        }

        if (producer.Acknowledged != producer.Produced)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new CommandFailedException(
                $"topic {topic} at {servers}: {producer.Produced - producer.Acknowledged:N0} of {producer.Produced:N0} records were not acknowledged{(producer.LastError is { } error ? $": {error}" : $" within {FlushBound.TotalSeconds:0} s")}. Check the address and the topic.");
        }
    }
}
