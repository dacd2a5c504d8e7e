using System.Diagnostics;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Bench.Quality;

/// <summary>Measures how often normal records are flagged that lack fields, for every score of every variant; a network is fitted once for all its scores.</summary>
/// <remarks>Tables and further folders for variants of single records, telemetry for those of windows. In this process: nothing is written but figures.</remarks>
internal sealed class MissingSuite(Arguments arguments)
{
    private const string Label = "label";
    private const string TrainingEnd = "-train.csv.gz";

    /// <summary>Measures what a file of results does not hold yet.</summary>
    /// <param name="candidates">Variants.</param>
    /// <param name="found">Results of earlier runs of the same sources.</param>
    /// <param name="keep">Receives each new result.</param>
    public void Measure(IReadOnlyList<Candidate> candidates, IReadOnlyCollection<MissingRun> found, Action<MissingRun> keep)
    {
        if (candidates.FirstOrDefault(c => c.Settings.Count > 0) is { } set)
            throw new ArgumentException($"--variants: found '{set.Name}'; the suite missing measures variants with their defaults and every score.");

        foreach (var candidate in candidates)
        {
            foreach (var file in Files(candidate.ReadsWindows))
            {
                var name = Path.GetFileName(file)[..^".csv.gz".Length];
                if (found.Any(run => run.Set == name && run.Variant == candidate.Variant))
                    continue;
                foreach (var run in Measure(file, name, candidate))
                    keep(run);
                Console.Error.WriteLine(FormattableString.Invariant($"{DateTime.Now:HH:mm:ss} {candidate.Variant} {name}"));
            }
        }
    }

    private IEnumerable<string> Files(bool readsWindows)
    {
        IEnumerable<string> files = Directory.GetFiles(Path.Combine(arguments.Data, readsWindows ? "telemetry" : "tabular"), "*.csv.gz");
        if (!readsWindows && arguments.More is { } more)
            files = files.Concat(Directory.GetFiles(more, "*" + TrainingEnd));
        return files.Where(file => arguments.Sets.Count == 0 || arguments.Sets.Contains(Path.GetFileName(file)[..^".csv.gz".Length])).OrderBy(file => new FileInfo(file).Length);
    }

    private List<MissingRun> Measure(string file, string name, Candidate candidate)
    {
        var clock = Stopwatch.StartNew();
        var table = Read(file, name, candidate.ReadsWindows);
        var (layout, options) = (table.Encoder.Layout, VariantCatalog.CreateOptions(candidate.Variant));
        if (options is CrossDomainOptions crossed)
            crossed.FirstFields = [.. layout.Fields!.Take(layout.BlockCount / 2)];
        var offered = VariantCatalog.Describe(options).Scores;
        options.Scores = [offered[0]];
        var window = SequenceOptions.WindowOf(options);
        var (values, missing) = table.Training.Arrays;
        var set = window == 1
            ? new TrainingSet(layout, values, table.Training.Count, missing)
            : new TrainingSet(layout, values, table.Training.Count, missing, window, [.. Enumerable.Range(0, table.Training.Count - window + 1)]);
        var fit = new TrainingOptions { Seed = arguments.Seeds[0] };
        var model = ModelTrainer.Train(set, options, fit, TimeProvider.System);
        int[] heldOut = [.. model.HeldOutRows];
        var rows = new FitRows(set, fit, [.. Enumerable.Range(0, set.Rows).Except(heldOut)], heldOut, model.Donors!);
        var test = TestRows(table, window);
        var runs = new List<MissingRun>();
        foreach (var scores in Scores(options, offered))
        {
            model.Variant.Scores = scores;
            var fitted = ScoreFitter.Fit(model.Variant, VariantCatalog.Describe(model.Variant).Scores[0], model.Network, rows, new SeededRandom((ulong)fit.Seed));
            var whole = fitted is null ? model.Network.Freeze() : new FrozenScoredModel(model.Network.Freeze(), fitted.Suite);
            var found = fitted?.HeldOut ?? model.HeldOutScores?.ToArray() ?? whole.ScoreAt(set.Values, set.Missing, [.. heldOut.Select(set.FirstRecord)]);
            var threshold = ThresholdLearner.Learn(found, new ThresholdOptions { Method = ThresholdMethod.AlertRate, AlertRate = Suite.AlertRate }).Value;
            var own = test.ScoreWhole(whole);
            runs.Add(new MissingRun(
                name, candidate.Variant, string.Join('+', scores.Select(ScoreKinds.NameOf)), layout.BlockCount, test.Flagged(own, threshold), test.Auc(own),
                test.Measure(whole, threshold), test.Measure(model.Donors!.Over(whole), threshold), 0, arguments.Sources));
        }

        return runs.ConvertAll(run => run with { Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1) });
    }

    // Each by itself, and those that the default variant is judged by.
    private static IEnumerable<ScoreKind[]> Scores(VariantOptions options, IReadOnlyList<ScoreKind> offered)
    {
        var mixed = VariantCatalog.All[0].DefaultScores;
        IEnumerable<ScoreKind[]> single = options is EnsembleOptions or SequenceOptions ? [[offered[0]]] : offered.Select(kind => new[] { kind });
        return offered.Count > 1 && mixed.All(offered.Contains) ? single.Append([.. mixed]) : single;
    }

    private LabelledTable Read(string file, string name, bool readsWindows)
    {
        if (readsWindows)
            return LabelledTable.Read(file, Label, ["step", "part"], (_, cells) => cells["part"] == "train");
        if (file.EndsWith(TrainingEnd, StringComparison.Ordinal))
            return LabelledTable.Read(file, null, [], (row, _) => row % 4 != 3);
        var mask = GzipLines.Read(Path.Combine(arguments.Data, "tabular", "splits", name + ".txt.gz")).Where(line => !line.StartsWith('#')).Select(line => line[0] == '1').ToArray();
        return LabelledTable.Read(file, Label, [], (row, _) => mask[row]);
    }

    // Fewer rows where there are many fields to leave out; of windows those that are all normal or end at an anomaly.
    private static MissingRows TestRows(LabelledTable table, int window)
    {
        var layout = table.Encoder.Layout;
        var most = Math.Clamp(40_000 / layout.BlockCount / window, 200, 1000);
        var random = new Random(1);
        var ends = Enumerable.Range(window - 1, table.Test.Count - window + 1).ToArray();
        random.Shuffle(ends);
        bool IsNormal(int end) => Array.TrueForAll(table.IsAnomaly[(end - window + 1)..(end + 1)], anomaly => !anomaly);
        int[] chosen = [.. ends.Where(IsNormal).Take(most), .. ends.Where(end => table.IsAnomaly[end]).Take(most / 2)];
        var (values, width) = (new float[chosen.Length * window * layout.Width], window * layout.Width);
        for (var i = 0; i < chosen.Length; i++)
            table.Test.Values.Slice((chosen[i] - window + 1) * layout.Width, width).CopyTo(values.AsSpan(i * width));
        return new MissingRows(layout, window, values, Array.ConvertAll(chosen, end => table.IsAnomaly[end]));
    }
}
