using AEAnomaly.Detection.Evaluation;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Bench.Quality;

/// <summary>Measures what the default variant finds of card payments by single scores, and by those joined that judge detectors without a history: by the fields of each record, and with a history.</summary>
/// <remarks>In this process, with the classes that <c>evaluate</c> uses, since reading a million records takes longer than learning from them. What was measured is kept as soon as it is there.</remarks>
internal static class PaymentSuite
{
    private static readonly ScoreKind[][] Scores =
        [[ScoreKind.Reconstruction], [ScoreKind.Whitened], [ScoreKind.Likelihood], [ScoreKind.NearestNormal], [.. VariantCatalog.All[0].DefaultScores]];

    /// <summary>Measures what a store does not hold yet.</summary>
    public static void Measure(Arguments arguments, RunStore store)
    {
        foreach (var table in PaymentSet.Find(arguments).SelectMany(PaymentTable.ReadBoth))
        {
            var work = Scores.SelectMany(scores => arguments.Seeds.Select(seed => (scores, name: new RunName(table.Features, table.Set.Name, NameOf(scores), seed)))).Where(item => !store.Has(item.name));
            Parallel.ForEach(work, new ParallelOptions { MaxDegreeOfParallelism = arguments.Jobs }, item =>
            {
                var run = Measure(table, item.scores, item.name, arguments);
                store.Add(run);
                Console.Error.WriteLine(FormattableString.Invariant($"{DateTime.Now:HH:mm:ss} {table.Features} {item.name}: AUC-PR {100 * run.AucPr:F1} AUC-ROC {100 * run.AucRoc:F1} fit {run.FitSeconds:F1} s"));
            });
        }
    }

    /// <summary>Names scores as a configuration does.</summary>
    public static string NameOf(IEnumerable<ScoreKind> scores) => string.Join(" + ", scores.Select(ScoreKinds.NameOf));

    private static Run Measure(PaymentTable table, ScoreKind[] scores, RunName name, Arguments arguments)
    {
        var detector = new Detection.Configuration.DetectorOptions
        {
            Name = table.Detector.Name,
            Topics = table.Detector.Topics,
            Fields = table.Detector.Fields,
            History = table.Detector.History,
            Model = VariantCatalog.CreateOptions(VariantCatalog.All[0].Name),
            Threshold = new ThresholdOptions { Method = ThresholdMethod.AlertRate, AlertRate = Suite.AlertRate },
        };
        detector.Model.Scores = scores;
        detector.Fit.Seed = name.Seed;
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var trained = DetectorTrainer.Train(table.Training.Spec, detector, table.Training, time);
        var fit = time.GetElapsedTime(started);
        started = time.GetTimestamp();
        var found = new RecordScorer(trained.Encoder, trained.Frozen).Score(table.Test);
        var scoring = time.GetElapsedTime(started);
        var quality = DetectionQuality.Measure(found, table.IsFraud, trained.Threshold.Value);
        return new Run(
            name, table.Training.Count, table.Test.Count, table.Training.Spec.FeatureFields.Count, quality.AucPr, quality.AucRoc,
            (double)quality.FalsePositives / (quality.FalsePositives + quality.TrueNegatives), fit.TotalSeconds, table.Test.Count / scoring.TotalSeconds, null, null,
            arguments.Sources, Engine.Machine.Processor, FormattableString.Invariant($"{DateTime.UtcNow:yyyy-MM-dd}"));
    }
}
