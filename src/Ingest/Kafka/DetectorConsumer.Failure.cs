using System.Globalization;

namespace AEAnomaly.Ingest.Kafka;

// What happens after an error that remains: it is said, and the loop begins anew after a pause.
public sealed partial class DetectorConsumer
{
    private void ShowFailed(Exception exception, TimeSpan pause)
    {
        var error = string.Create(CultureInfo.InvariantCulture, $"{exception.Message.TrimEnd('.')}; it begins anew in {pause.TotalSeconds:0.#} s");
        _status = _status with { State = ConsumerState.Failed, AssignedPartitions = 0, LastError = error };
        _lags = [];
        _metrics.Failed(Route.Name);
        Log.Failed(_logger, Route.Name, pause.TotalSeconds, exception);
    }

    private void Wait(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(pause, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        either.Token.WaitHandle.WaitOne();
    }

    /// <returns>What it failed with, or null.</returns>
    private Exception? RunToEnd(ConsumerLoop loop, CancellationToken cancellationToken)
    {
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
