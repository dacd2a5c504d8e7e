using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Host.Tests.Commands;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Documentation;

/// <summary>The commands of the documents that need nothing but files are run, on files made here, as they stand there.</summary>
public sealed class DocumentedRunTests : IDisposable
{
    /// <summary>Commands that need more than files, with where they are run.</summary>
    private static readonly (string Start, string Reason)[] RunElsewhere =
    [
        ("demo", "a cluster and half a minute: PublishedProgramTests"),
        ("run", "a daemon: DocumentedWalkTests"),
        ("replay", "a broker: CommandLineTests"),
        ("init --topic", "a broker: DocumentedWalkTests"),
        ("check --config payments.yaml", "what init wrote before: DocumentedWalkTests"),
        ("resume", "a daemon that runs: DeadLetterLimitTests"),
        ("models retrain", "a daemon that runs: CommandLineTests"),
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Commands_OfBlocksAndTables_RunOnFilesAlone()
    {
        await MakeFiles();
        var run = 0;
        foreach (var command in MarkdownFile.All().SelectMany(DocumentedCommand.In).Where(command => command is { IsProduct: true, IsWhole: true }))
        {
            var words = command.Words[1..];
            if (RunElsewhere.Any(other => string.Join(' ', words).StartsWith(other.Start, StringComparison.Ordinal)))
                continue;

            string[] meant = [.. words.Select((word, i) => Meant(i == 0 ? "" : words[i - 1], word))];
            // What these take from the working directory or the configuration otherwise.
            meant = words[0] switch
            {
                "models" => [.. meant, "--dir", _folder["models"]],
                "init" => [.. meant, "--out", _folder["init.yaml"]],
                _ => meant,
            };
            var result = await CommandRun.Of(meant);

            Assert.True(result.ExitCode == 0, $"{command}\nran as {string.Join(' ', meant)}: exit code {result.ExitCode}\n{result.Error}");
            Assert.NotEmpty(result.Output);
            run++;
        }

        Assert.True(run >= 14, $"{run} commands were found to run");
    }

    public void Dispose() => _folder.Dispose();

    private async Task MakeFiles()
    {
        var rows = _folder.Write("rows.csv", GeneratedRows.Csv(600));
        _folder.Write("config.yaml", $$"""
            kafka: { bootstrap_servers: "localhost:9092" }
            models: { directory: "{{_folder["daemon"]}}" }
            detectors:
              - name: payments
                topics: [payments]
                fields: [{ name: x, kind: numeric }, { name: y, kind: numeric }, { name: z, kind: numeric }, { name: kind, kind: categorical }]
            """);
        // A generative variant, so that sample has something to draw from; twice, so that there is a version to go back to.
        for (var seed = 1; seed <= 2; seed++)
        {
            var train = await CommandRun.Of("train", "--data", rows, "--label", "label", "--variant", "vae", "--seed", $"{seed}", "--out", _folder["models"]);
            Assert.True(train.ExitCode == 0, train.Error);
        }
    }

    // What stands for something of the reader's, by the option before it where that matters.
    private string Meant(string before, string word) => (before, word) switch
    {
        ("--config", "FILE") => _folder["config.yaml"],
        (_, "FILE" or "transactions.csv.gz" or "labelled.csv") => _folder["rows.csv"],
        ("--out", "DIR") => _folder["new"],
        (_, "DIR" or "models") when before.Length > 0 => _folder["models"],
        ("--report", _) => _folder[word],
        (_, "COL" or "fraud") => "label",
        ("--drop", "tx_id") => "y",
        (_, "DETECTOR") => "rows",
        (_, "N") => "3",
        _ => word,
    };
}
