using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Builds clients with errors a user understands, ends them, and passes librdkafka's log on.</summary>
internal static partial class KafkaClients
{
    // Usually well below two seconds; librdkafka alone waits up to one for the last answer about its own metrics.
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(5);

    /// <summary>Builds a client.</summary>
    /// <exception cref="ArgumentException">librdkafka refused a property; the message names it.</exception>
    public static T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new ArgumentException($"The Kafka client cannot be built from the section 'kafka': {exception.Message}", exception);
        }
    }

    /// <summary>Tells a living client its user and password.</summary>
    public static void SetCredentials(IClient client, KafkaOptions options) =>
        client.SetSaslCredentials(options.Properties[KafkaProperties.UserName], options.Properties[KafkaProperties.Password]);

    /// <summary>Ends a client that nobody uses any more; one that hangs is left behind.</summary>
    public static void End(IDisposable client, ILogger logger) => End(client, EndBound, logger);

    /// <summary>Ends a client within a bound; after it the ending goes on by itself.</summary>
    /// <remarks>
    /// Ending a client joins librdkafka's threads, and whatever keeps one of those (it was seen once, the client 1.5 seconds old and its topic just deleted) must not
    /// keep a detector. What it throws within the bound comes out as it is.
    /// </remarks>
    public static void End(IDisposable client, TimeSpan bound, ILogger logger)
    {
        var end = Task.Factory.StartNew(client.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([end], bound) < 0)
            Log.LeftBehind(logger, bound.TotalSeconds);
        else
            end.GetAwaiter().GetResult();
    }

    /// <summary>Passes a line of librdkafka's log on. What matters to a user comes a second time as an error event, so these stay quiet by default.</summary>
    public static void Forward(ILogger logger, LogMessage message) => Log.Line(logger, message.Facility, message.Message);

    /// <summary>Passes a line on to the log, and to who watches whether a broker answers.</summary>
    public static void Forward(ILogger logger, BrokerHealth health, LogMessage message)
    {
        health.Hear(message);
        Forward(logger, message);
    }

    private static partial class Log
    {
        [LoggerMessage(3090, LogLevel.Debug, "librdkafka {Facility}: {Line}")]
        public static partial void Line(ILogger logger, string facility, string line);

        [LoggerMessage(3091, LogLevel.Warning, "A Kafka client did not end within {Seconds} s and is left behind; its memory is free again when the process ends")]
        public static partial void LeftBehind(ILogger logger, double seconds);
    }
}
