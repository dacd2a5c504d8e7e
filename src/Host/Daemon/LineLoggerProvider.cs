using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Daemon;

/// <summary>Writes each log as one line of text.</summary>
internal sealed class LineLoggerProvider(Action<string> write) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(write);

    public void Dispose()
    {
        // Holds nothing: the caller owns what the lines are written to.
    }

    private sealed class LineLogger(Action<string> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(Printable.Line(exception is null ? formatter(state, null) : $"{formatter(state, exception)} ({exception.Message})"));
    }
}
