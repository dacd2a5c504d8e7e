using System.Globalization;

namespace AEAnomaly.Ingest.Kafka;

// What happens after an error that remains: it is said, and the loop begins anew after a pause.
public sealed partial class DetectorConsumer
{
    private void ShowFailed(Exception exception, TimeSpan pause)
    {
        var reason = exception.Message.TrimEnd('.');
        var error = string.Create(CultureInfo.InvariantCulture, $"{reason}; it begins anew in {pause.TotalSeconds:0.#} s");
        _status = _status with { State = ConsumerState.Failed, AssignedPartitions = 0, LastError = error };
        _lags = [];
        _metrics.Failed(Route.Name);
        Log.Failed(_logger, Route.Name, reason, pause.TotalSeconds, exception);
    }

    private void Wait(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(pause, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        // What it failed of may just have been corrected.
        WaitHandle.WaitAny([either.Token.WaitHandle, ((IAsyncResult)_renewed.Task).AsyncWaitHandle]);
    }

    /// <returns>What it failed with, or null.</returns>
    /// <exception cref="ArgumentException">No client can be made, and none was before.</exception>
    private Exception? RunToEnd(IReadOnlyList<WatchedTopic> topics, CancellationToken cancellationToken)
    {
        ConsumerLoop loop;
        try
        {
            loop = new ConsumerLoop(_options, Route, topics, _decoder, _processor, _limits, _breaker, _metrics, _time, _logger);
        }
        catch (ArgumentException exception) when (_hasBegun)
        {
            // Clients could be made before: a file of certificates is being written, or was written wrong. At the start whoever starts it must know.
            return exception;
        }

        _hasBegun = true;
        using (loop)
        {
            try
            {
                Run(loop, cancellationToken);
                if (loop.IsOutdated)
                    Log.Renewed(_logger, Route.Name);
                return null;
            }
            catch (Exception exception)
            {
                // The detector's outermost frame: whatever it was, the other detectors go on, and this one begins anew where it had committed.
                return exception;
            }
        }
    }
}
