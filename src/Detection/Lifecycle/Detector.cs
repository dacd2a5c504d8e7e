using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Scores one stream: holds the current model snapshot behind one volatile field, decides, explains, publishes, and retrains in the background.</summary>
public sealed class Detector : IRecordProcessor, IAsyncDisposable
{
    /// <summary>Creates a detector; loads nothing yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="store">Keeps model versions.</param>
    /// <param name="history">Reads training windows.</param>
    /// <param name="metrics">Receives measurements.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    public Detector(
        DetectorOptions options,
        IModelStore store,
        IRecordHistory history,
        DetectionMetrics metrics,
        TimeProvider time,
        ILogger<Detector> logger) => throw new NotImplementedException();

    /// <summary>Gets the options.</summary>
    public DetectorOptions Options => throw new NotImplementedException();

    /// <inheritdoc/>
    public FeatureSpec Spec => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool IsReady => throw new NotImplementedException();

    /// <summary>Gets where the detector stands; may be read by any thread.</summary>
    public DetectorStatus Status => throw new NotImplementedException();

    /// <summary>Loads the current version, or trains the first one from history (waiting for enough records), then retrains on schedule and on request until cancelled.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Asks for a retraining now; several requests while one runs become one.</summary>
    /// <param name="trigger">Why: "request".</param>
    /// <returns>False when a training is already waiting or running.</returns>
    public bool RequestRetraining(string trigger) => throw new NotImplementedException();

    /// <summary>Swaps to an older version between two batches.</summary>
    /// <param name="version">Version, or null for the one before.</param>
    /// <returns>The version that scores now.</returns>
    public string Rollback(string? version) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Process(RecordBatch batch, IAlertSink alerts) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Tick(IAlertSink alerts) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
