using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Reads a file batch after batch and hands its rows over one by one, bad ones where they stood.</summary>
internal static class RowsInOrder
{
    private const int BatchRows = 1024;
    private const int MostBadRowsShown = 20;

    /// <summary>Reads every row; the first bad ones are shown.</summary>
    /// <param name="environment">Where bad rows are shown.</param>
    /// <param name="file">File.</param>
    /// <param name="spec">Declared fields.</param>
    /// <param name="begin">Receives each batch before its rows.</param>
    /// <param name="good">Receives each good row: batch, and row of the batch.</param>
    /// <param name="bad">Receives each bad row.</param>
    /// <param name="cancellationToken">Ends the work between two batches.</param>
    /// <returns>The number of bad rows.</returns>
    public static long Read(
        CommandEnvironment environment,
        RecordFile file,
        FeatureSpec spec,
        Action<RecordBatch> begin,
        Action<RecordBatch, int> good,
        Action<RowError> bad,
        CancellationToken cancellationToken)
    {
        var batch = new RecordBatch(spec, BatchRows);
        long shown = 0;
        using var reader = file.OpenReader(spec, RowErrorHandling.Report);
        while (reader.Read(batch, BatchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            begin(batch);
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
                    good(batch, i);
            }

            batch.Clear();
        }

        return reader.BadRows;
    }
}
