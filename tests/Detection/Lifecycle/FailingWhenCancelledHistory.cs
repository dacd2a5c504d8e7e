using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>A past that cannot be read, and that says so when it is told to end: by the error of what it was doing.</summary>
internal sealed class FailingWhenCancelledHistory : IRecordHistory
{
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<long> CountAsync(HistoryWindow window, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new IOException("No broker answers.");
    }

    public Task<IReadOnlyList<HistoryRange>> ReadAsync(HistoryWindow window, RecordBatch target, Action<RecordBatch>? arrived, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing was counted, so nothing is read.");
}
