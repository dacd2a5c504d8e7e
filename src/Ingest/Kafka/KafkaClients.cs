using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Builds clients with errors a user understands, and passes librdkafka's log on.</summary>
internal static partial class KafkaClients
{
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

    /// <summary>Passes a line of librdkafka's log on. What matters to a user comes a second time as an error event, so these stay quiet by default.</summary>
    public static void Forward(ILogger logger, LogMessage message) => Log.Line(logger, message.Facility, message.Message);

    private static partial class Log
    {
        [LoggerMessage(3090, LogLevel.Debug, "librdkafka {Facility}: {Line}")]
        public static partial void Line(ILogger logger, string facility, string line);
    }
}
