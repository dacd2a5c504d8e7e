using System.Diagnostics;

namespace AEAnomaly.Bench.Quality;

/// <summary>Measures candidates on data sets, several runs side by side.</summary>
internal abstract class Suite(Arguments arguments, Product product)
{
    /// <summary>The share of normal records that every threshold is set to flag.</summary>
    public const double AlertRate = 0.01;

    protected const string Label = "label";

    protected Arguments Arguments { get; } = arguments;

    protected Product Product { get; } = product;

    /// <summary>Gets the data files, largest first: what takes longest must not be begun last.</summary>
    public IReadOnlyList<string> Files => field ??= FindFiles();

    /// <summary>Gets the folder of the data.</summary>
    protected abstract string Folder { get; }

    /// <summary>Gets the name of the split, which is part of each run's.</summary>
    public abstract string Split { get; }

    /// <summary>Gets the columns that are not in the data, as far as the model is concerned.</summary>
    protected abstract IReadOnlyList<string> Dropped { get; }

    /// <summary>Measures what the store does not hold yet.</summary>
    /// <returns>What failed, one message a run.</returns>
    public async Task<IReadOnlyList<string>> MeasureAsync(IReadOnlyList<Candidate> candidates, RunStore store)
    {
        var scratch = Directory.CreateTempSubdirectory("aeanomaly-bench-").FullName;
        try
        {
            var work = Files.SelectMany(file => candidates.SelectMany(candidate => Names(SetOf(file), candidate).Select(name => (file, candidate, name))))
                .Where(item => !store.Has(item.name)).ToList();
            var proposed = new Dictionary<string, string>();
            foreach (var file in work.Select(item => item.file).Distinct())
                proposed[file] = await Product.RunAsync("init", "--data", file, "--label", Label, "--out", "-").ConfigureAwait(false);

            var failures = new List<string>();
            var (clock, done) = (Stopwatch.StartNew(), 0);
            await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = Arguments.Jobs }, async (item, _) =>
            {
                string found;
                try
                {
                    var run = await MeasureAsync(item.file, item.candidate, item.name, proposed[item.file], scratch).ConfigureAwait(false);
                    store.Add(run);
                    found = FormattableString.Invariant($"AUC-PR {100 * run.AucPr:F1} AUC-ROC {100 * run.AucRoc:F1} fit {run.FitSeconds:F1} s");
                }
                catch (InvalidOperationException problem)
                {
                    // One candidate that does not work must not lose the hour of the others; it is reported, and the bench ends with 1.
                    found = "FAILED: " + problem.Message.ReplaceLineEndings(" ");
                    lock (failures)
                        failures.Add($"{item.name}: {problem.Message.ReplaceLineEndings(" ")}");
                }

                await Console.Error.WriteLineAsync($"[{Interlocked.Increment(ref done)}/{work.Count}] {clock.Elapsed:hh\\:mm\\:ss} {item.name}: {found}").ConfigureAwait(false);
            }).ConfigureAwait(false);
            return failures;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>Lists the runs of a candidate on a set.</summary>
    protected abstract IEnumerable<RunName> Names(string set, Candidate candidate);

    /// <summary>Gives the words that say which rows are trained on.</summary>
    protected abstract IReadOnlyList<string> SplitWords(string file, RunName name, string scratch);

    /// <summary>Measures a trailing mean of the score, where the suite has time.</summary>
    protected virtual (double AucPr, double AucRoc)? Smooth(string scores) => null;

    protected static string SetOf(string file) => Path.GetFileName(file)[..^".csv.gz".Length];

    private async Task<Run> MeasureAsync(string file, Candidate candidate, RunName name, string proposed, string scratch)
    {
        var own = Directory.CreateTempSubdirectory("run-").FullName;
        try
        {
            var (configuration, scores) = (Path.Combine(own, "detector.yaml"), Path.Combine(own, "scores.csv"));
            await File.WriteAllTextAsync(configuration, candidate.Configure(proposed, AlertRate)).ConfigureAwait(false);
            var json = await Product.EvaluateAsync(
            [
                "--config", configuration, "--data", file, "--label", Label, "--seed", FormattableString.Invariant($"{name.Seed}"), "--scores", scores,
                .. Dropped.SelectMany(column => new[] { "--drop", column }), .. SplitWords(file, name, scratch),
            ]).ConfigureAwait(false);
            double Number(string key) => json.GetProperty(key).GetDouble();
            var smooth = Smooth(scores);
            return new Run(
                name, (int)Number("train_rows"), (int)Number("test_rows"), (int)Number("features"), Number("auc_pr"), Number("auc_roc"),
                Number("false_positive_rate"), Number("fit_seconds"), Number("score_rows_per_second"), smooth?.AucPr, smooth?.AucRoc,
                Arguments.Sources, Engine.Machine.Processor, FormattableString.Invariant($"{DateTime.UtcNow:yyyy-MM-dd}"));
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    private List<string> FindFiles()
    {
        if (!Directory.Exists(Folder))
            throw new ArgumentException($"--data: there is no folder '{Folder}'.");
        var files = Directory.GetFiles(Folder, "*.csv.gz").Where(f => Arguments.Sets.Count == 0 || Arguments.Sets.Contains(SetOf(f))).OrderByDescending(f => new FileInfo(f).Length).ToList();
        if (Arguments.Sets.FirstOrDefault(s => !files.Exists(f => SetOf(f) == s)) is { } missing)
            throw new ArgumentException($"--sets: there is no '{missing}.csv.gz' in {Folder}.");
        return files.Count > 0 ? files : throw new ArgumentException($"--data: there is no .csv.gz in {Folder}.");
    }
}
