using System.Globalization;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Scores a file batch after batch and hands its rows over one by one, bad ones where they stood.</summary>
internal static class RowsInOrder
{
    private const int BatchRows = 1024;
    private const int MostBadRowsShown = 20;

    /// <summary>Scores every row, shows the first bad ones, and says on standard error how many there were of which kind.</summary>
    /// <param name="environment">Where bad rows and the summary are shown; its output is flushed.</param>
    /// <param name="file">File.</param>
    /// <param name="snapshot">Version that scores.</param>
    /// <param name="scorer">Scorer of the version.</param>
    /// <param name="good">Receives each good row: batch, row of the batch, and its score.</param>
    /// <param name="bad">Receives each bad row.</param>
    /// <param name="done">Gives what was done to the rows, for the summary: the rows that were judged, and what became of them.</param>
    /// <param name="cancellationToken">Ends the work between two batches.</param>
    public static void Score(
        CommandEnvironment environment,
        RecordFile file,
        ModelSnapshot snapshot,
        RecordScorer scorer,
        Action<RecordBatch, int, float> good,
        Action<RowError> bad,
        Func<long, string> done,
        CancellationToken cancellationToken)
    {
        var spec = snapshot.Encoder.Spec;
        var batch = new RecordBatch(spec, BatchRows);
        long rows = 0, warming = 0, unjudged = 0, shown = 0;
        // What came before a record is known only once all records stand in the order of the clock.
        var history = spec.History is null ? null : new KeyHistory(spec);
        var batchRows = history is null ? BatchRows : int.MaxValue;
        using var reader = file.OpenReader(spec, RowErrorHandling.Report);
        while (reader.Read(batch, batchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            history?.TakeByClock(batch);
            var scores = scorer.Score(batch).ToArray();
            rows += batch.Count - scorer.WarmingRecords - scorer.UnjudgedRecords;
            warming += scorer.WarmingRecords;
            unjudged += scorer.UnjudgedRecords;
            var error = 0;
            for (var i = 0; i <= batch.Count; i++)
            {
                var row = i < batch.Count ? batch.Origins[i].Offset : long.MaxValue;
                for (; error < reader.Errors.Count && reader.Errors[error].Row < row; error++)
                {
                    bad(reader.Errors[error]);
                    if (shown++ < MostBadRowsShown)
                        environment.Error.WriteLine($"bad row: {reader.Errors[error].Error.Message}");
                }

                if (i < batch.Count)
                    good(batch, i, scores[i]);
            }

            batch.Clear();
        }

        environment.Output.Flush();
        environment.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Name}: {done(rows)}, {(warming > 0 ? $"{warming:N0} rows before their window was full, " : "")}{(unjudged > 0 ? $"{unjudged:N0} rows without any feature, " : "")}{reader.BadRows:N0} bad rows"));
        if (reader.BadRows > 0 && rows + warming + unjudged == 0)
            throw new CommandFailedException($"{file.Name}: none of its {reader.BadRows} rows can be read.");
    }
}
