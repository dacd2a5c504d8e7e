using System.Globalization;
using AEAnomaly.Detection.Reconstruction;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Records;

/// <summary>Takes every row of a file to a stored version and writes a line for it.</summary>
/// <param name="environment">Where the summary goes.</param>
/// <param name="file">File.</param>
/// <param name="snapshot">Version.</param>
/// <param name="lines">Where lines go.</param>
internal sealed class RecordCommandRun(CommandEnvironment environment, RecordFile file, ModelSnapshot snapshot, RecordLines lines)
{
    /// <summary>Writes what was found of a row; the line has its row number, and is ended and given its score by the caller.</summary>
    /// <param name="reconstructor">Of the version.</param>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row of the batch.</param>
    /// <param name="target">Empty batch for a record to write.</param>
    /// <param name="scorer">What scored the batch.</param>
    /// <returns>The record to write, or null for the one that was read; and what to write after the verdict.</returns>
    public delegate (RecordBatch? Record, Action<RecordLines> Findings) RowWork(
        RecordReconstructor reconstructor, RecordBatch batch, int row, RecordBatch target, RecordScorer scorer);

    /// <summary>Writes all rows, in order, then says on standard error how many of which kind.</summary>
    /// <param name="done">What was done to the rows, for the summary: "embedded".</param>
    /// <param name="work">What to do with a row whose window is full.</param>
    /// <param name="cancellationToken">Ends the work between two batches.</param>
    public void Write(string done, RowWork work, CancellationToken cancellationToken)
    {
        using var writer = lines;
        var scorer = new RecordScorer(snapshot.Encoder, snapshot.Model) { KeepWindowsAbove = float.NegativeInfinity };
        var reconstructor = new RecordReconstructor(snapshot.Encoder, snapshot.Model);
        var target = new RecordBatch(snapshot.Encoder.Spec, 1);
        RowsInOrder.Score(
            environment,
            file,
            snapshot,
            scorer,
            (batch, row, score) =>
            {
                lines.Begin();
                lines.Number("row", batch.Origins[row].Offset + 1);
                if (RecordScorer.IsWarming(score))
                {
                    lines.Record(batch, row);
                    lines.Text("verdict", "warming");
                }
                else
                {
                    target.Clear();
                    var (record, findings) = work(reconstructor, batch, row, target, scorer);
                    lines.Record(record ?? batch, record is null ? row : 0);
                    WriteVerdict(score);
                    findings(lines);
                }

                lines.End();
            },
            error => lines.Error(error),
            rows => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows {done} by {snapshot.Manifest.Detector} version {snapshot.Version}"),
            cancellationToken);
    }

    private void WriteVerdict(float score)
    {
        if (RecordScorer.IsUnjudged(score))
        {
            lines.Text("verdict", "unjudged");
            return;
        }

        lines.Number("score", score);
        lines.Number("ratio", snapshot.Threshold.Ratio(score));
        lines.Text("verdict", score > snapshot.Threshold.Value ? "anomaly" : "normal");
    }
}
