using Microsoft.Extensions.Logging.Console;

namespace AEAnomaly.Host.Daemon;

/// <summary>States where a daemon's logs go.</summary>
internal sealed class LogOutput
{
    private readonly Action<ILoggingBuilder> _configure;

    private LogOutput(Action<ILoggingBuilder> configure) => _configure = configure;

    /// <summary>Gets structured logs: one JSON object a line on standard error.</summary>
    public static LogOutput Json { get; } = new(logging =>
    {
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);
    });

    /// <summary>Creates an output of warnings and errors as plain lines, for a command whose own output is the product.</summary>
    /// <param name="write">Takes one line.</param>
    public static LogOutput Warnings(Action<string> write) => Lines(write, LogLevel.Warning);

    /// <summary>Creates an output of plain lines.</summary>
    /// <param name="write">Takes one line.</param>
    /// <param name="least">The least level that is written.</param>
    public static LogOutput Lines(Action<string> write, LogLevel least) => new(logging =>
    {
        logging.AddProvider(new LineLoggerProvider(write));
        logging.SetMinimumLevel(least);
    });

    /// <summary>Sets up logging.</summary>
    public void Configure(ILoggingBuilder logging) => _configure(logging);
}
