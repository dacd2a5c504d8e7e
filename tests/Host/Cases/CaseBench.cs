using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Cases;

/// <summary>Runs commands on case files, trains each model once, and writes the table of what came of them when all have run.</summary>
public sealed partial class CaseBench : IDisposable
{
    private readonly TemporaryFolder _work = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _models = new();
    private readonly ConcurrentQueue<string> _rows = new();
    private int _runs;

    /// <summary>Gets where the table is written.</summary>
    public static string TableFile => Path.Combine(AppContext.BaseDirectory, "cases.md");

    /// <summary>Runs a command on a file and gives all that it wrote, blanks squeezed, with its exit code in front.</summary>
    /// <param name="command">
    /// init, train, evaluate, each with further words, or: "configured", which is init and then train and score with what init wrote; "score FILE", which scores with a model of FILE.
    /// </param>
    /// <param name="file">File of the folder of cases.</param>
    public async Task<string> RunAsync(string command, string file)
    {
        var words = command.Split(' ');
        var path = Find(file);
        var place = _work[$"{Interlocked.Increment(ref _runs)}"];
        return words[0] switch
        {
            "init" => Text(await CommandRun.Of(["init", "--data", path, "--out", "-", .. words[1..]])),
            "train" => Text(await CommandRun.Of(["train", "--data", path, "--out", place, .. words[1..]])),
            "evaluate" => Text(await CommandRun.Of(["evaluate", "--data", path, .. words[1..]])),
            "score" => Text(await CommandRun.Of("score", "--model", await Model(words[1]), "--data", path)),
            "configured" => await ConfiguredAsync(path, place, words[1..]),
            _ => throw new ArgumentException($"no such command: {command}", nameof(command)),
        };
    }

    /// <summary>Notes a row of the table.</summary>
    public void Note(string file, string command, string expected, string? failure) =>
        _rows.Enqueue($"| {file} | {command} | {expected.Replace("|", "\\|", StringComparison.Ordinal)} | {failure?.Replace("|", "\\|", StringComparison.Ordinal) ?? "as expected"} |");

    /// <inheritdoc/>
    public void Dispose()
    {
        var table = new StringBuilder("| file | command | expected | found |\n|---|---|---|---|\n");
        foreach (var row in _rows.Order(StringComparer.Ordinal))
            table.Append(row).Append('\n');
        if (!_rows.IsEmpty)
            File.WriteAllText(TableFile, table.ToString());
        _work.Dispose();
    }

    /// <summary>Finds a file of the folder of cases.</summary>
    public static string Find(string file) => Path.Combine(RequiresCasesTheoryAttribute.Folder!, file);

    private static async Task<string> ConfiguredAsync(string path, string place, string[] words)
    {
        Directory.CreateDirectory(place);
        var (config, models) = (Path.Combine(place, "c.yaml"), Path.Combine(place, "models"));
        var init = await CommandRun.Of(["init", "--data", path, "--out", config, "--name", "case", .. words]);
        if (init.ExitCode != 0)
            return Text(init);
        var train = await CommandRun.Of(["train", "--data", path, "--config", config, "--out", models, .. words]);
        return train.ExitCode != 0 ? Text(train) : Text(await CommandRun.Of("score", "--data", path, "--config", config, "--model", models));
    }

    private Task<string> Model(string file) => _models.GetOrAdd(file, name => new Lazy<Task<string>>(async () =>
    {
        var folder = _work["model-" + name];
        var run = await CommandRun.Of("train", "--data", Find(name), "--out", folder);
        Assert.True(run.ExitCode == 0, run.Error);
        return folder;
    })).Value;

    private static string Text(CommandRun run) => Blanks().Replace($"exit {run.ExitCode} {run.Output} {run.Error}", " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
