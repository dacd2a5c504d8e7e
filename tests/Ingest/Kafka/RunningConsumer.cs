using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A consumer that runs, and is stopped as SIGTERM would.</summary>
internal sealed class RunningConsumer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public RunningConsumer(DetectorConsumer consumer)
    {
        Consumer = consumer;
        Run = consumer.RunAsync(_stop.Token);
    }

    public DetectorConsumer Consumer { get; }

    public Task Run { get; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Run.WaitAsync(IngestScene.Bound);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // A test that expects a failure awaits Run itself; here it only has to be over.
        await Task.WhenAny(Run, Task.Delay(IngestScene.Bound));
        _stop.Dispose();
    }
}
