using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Keeps log lines, so that a test can ask what an operator would have seen.</summary>
internal sealed class CollectingLogger : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(int Id, LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
            _lines.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
