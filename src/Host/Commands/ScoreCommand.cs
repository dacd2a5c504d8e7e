using System.CommandLine;
using System.Globalization;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands;

/// <summary><c>score</c>: scores a file with a stored version; one JSON line for each row, bad rows among them.</summary>
internal static class ScoreCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var stored = new StoredModelOptions(environment);
        var top = new Option<int>("--top") { Description = "Features that explain each row; 0 leaves them out and is faster.", HelpName = "N", DefaultValueFactory = _ => 3 };
        top.AcceptRange(0, 1000);
        var command = new Command("score", "Score a file with a stored version; one JSON line a row, bad rows too.") { data.Data, top };
        stored.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(data.Data) ?? throw new UsageException("say which records: --data FILE (- reads standard input).");
            var (detector, folder) = stored.Declared(parsed);
            var snapshot = stored.Load(parsed, detector, folder);
            var file = new RecordFile(path, null, path == "-" ? environment.OpenInput() : null);
            Score(environment, file, snapshot, parsed.GetValue(top), cancellationToken);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static void Score(CommandEnvironment environment, RecordFile file, ModelSnapshot snapshot, int top, CancellationToken cancellationToken)
    {
        var scorer = new RecordScorer(snapshot.Encoder, snapshot.Model);
        if (top > 0)
            scorer.KeepWindowsAbove = float.NegativeInfinity;
        var explainer = top > 0 ? new Explainer(snapshot.Encoder, snapshot.Model, top) : null;
        var lines = new ScoreLines(environment.Output, snapshot);
        long anomalies = 0;
        RowsInOrder.Score(
            environment,
            file,
            snapshot,
            scorer,
            (batch, i, score) =>
            {
                var row = batch.Origins[i].Offset + 1;
                if (RecordScorer.IsWarming(score))
                    lines.Write(row, "warming");
                else if (RecordScorer.IsUnjudged(score))
                    lines.Write(row, "unjudged");
                else
                    lines.Write(row, score, explainer?.Explain(batch, i, scorer));
                anomalies += score > snapshot.Threshold.Value ? 1 : 0;
            },
            error => lines.Write(error),
            rows => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows scored by {snapshot.Manifest.Detector} version {snapshot.Version}, {anomalies:N0} anomalies"),
            cancellationToken);
    }
}
