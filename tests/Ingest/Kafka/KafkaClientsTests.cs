using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A client that does not end keeps nobody.</summary>
public sealed class KafkaClientsTests
{
    private readonly CollectingLogger _logger = new();

    [Fact]
    public void End_ClientEnds_ItWasDisposedAndNothingIsSaid()
    {
        using var ended = new ManualResetEventSlim();

        KafkaClients.End(new Client(ended.Set), _logger);

        Assert.True(ended.IsSet);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task End_ClientHangs_ReturnsAfterTheBoundAndSaysSo()
    {
        using var hold = new ManualResetEventSlim();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = new Client(() =>
        {
            hold.Wait();
            ended.SetResult();
        });

        KafkaClients.End(client, TimeSpan.FromMilliseconds(50), _logger);

        Assert.Equal((3091, "A Kafka client did not end within 0.05 s and is left behind; its memory is free again when the process ends"), Assert.Single(_logger.Lines.Select(line => (line.Id, line.Text))));
        hold.Set();
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void End_ClientThrows_ThrowsTheSame()
    {
        var failure = new InvalidOperationException("in use");

        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => KafkaClients.End(new Client(() => throw failure), _logger)));
    }

    private sealed class Client(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
