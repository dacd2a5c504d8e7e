using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Cases;

/// <summary>Runs commands on case files, and trains each model once.</summary>
public sealed partial class CaseBench : IDisposable
{
    private readonly TemporaryFolder _work = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _models = new();
    private int _runs;

    /// <summary>Gets what came of the cases.</summary>
    public CaseTable Table { get; } = new();

    /// <summary>Runs a command on a file and gives all that it wrote, blanks squeezed, with its exit code in front.</summary>
    /// <param name="command">
    /// init, train, evaluate, each with further words, or: "configured", which is init and then train and score with what init wrote; "score FILE", which scores with a model of FILE;
    /// "check" and "run" of a configuration, each with variables of the environment.
    /// </param>
    /// <param name="file">File of the folder of cases.</param>
    public async Task<string> RunAsync(string command, string file)
    {
        var words = command.Split(' ');
        var path = CaseTable.Find(file);
        var place = _work[$"{Interlocked.Increment(ref _runs)}"];
        return words[0] switch
        {
            "init" => Text(await CommandRun.Of(["init", "--data", path, "--out", "-", .. words[1..]])),
            "train" => Text(await CommandRun.Of(["train", "--data", path, "--out", place, .. words[1..]])),
            "evaluate" => Text(await CommandRun.Of(["evaluate", "--data", path, .. words[1..]])),
            "score" => Text(await CommandRun.Of("score", "--model", await Model(words[1]), "--data", path)),
            "check" or "run" => Text(await CommandRun.With("", [.. words[1..].Select(word => (word[..word.IndexOf('=')], word[(word.IndexOf('=') + 1)..]))], words[0], "--config", path)),
            "configured" => await ConfiguredAsync(path, place, words[1..]),
            _ => throw new ArgumentException($"no such command: {command}", nameof(command)),
        };
    }

    /// <summary>Scores a file with a model of another, and gives the share of anomalies.</summary>
    public async Task<double> FlaggedAsync(string trainedOn, string file)
    {
        var score = await CommandRun.Of("score", "--model", await Model(trainedOn), "--data", CaseTable.Find(file), "--top", "0");
        Assert.True(score.ExitCode == 0, score.Error);
        return score.OutputLines.Count(line => line.Contains("\"verdict\":\"anomaly\"", StringComparison.Ordinal)) / (double)score.OutputLines.Length;
    }

    /// <summary>Writes a file that is no stored case, and gives its path.</summary>
    public string Write(string name, string content) => _work.Write(name, content);

    /// <inheritdoc/>
    public void Dispose()
    {
        Table.Dispose();
        _work.Dispose();
    }

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
        var run = await CommandRun.Of("train", "--data", CaseTable.Find(name), "--out", folder);
        Assert.True(run.ExitCode == 0, run.Error);
        return folder;
    })).Value;

    private static string Text(CommandRun run) => Blanks().Replace($"exit {run.ExitCode} {run.Output} {run.Error}", " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
