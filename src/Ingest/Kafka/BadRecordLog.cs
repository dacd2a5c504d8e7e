using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Logs bad records at a bounded rate: a broken producer must not fill the log. The metric and the dead-letter topic have all of them.</summary>
internal sealed partial class BadRecordLog(DetectorRoute route, TimeProvider time, ILogger logger)
{
    private readonly LineBudget _lines = new(time);

    public void Note(in RecordOrigin origin, in DecodeError error)
    {
        var mayWrite = _lines.MayWrite(out var suppressed);
        if (suppressed > 0)
            Log.Suppressed(logger, route.Name, suppressed);
        if (mayWrite)
            Log.BadRecord(logger, route.Name, origin.Topic, origin.Partition, origin.Offset, error.Reason, Clause(error.Message), route.DeadLetterTopic);
    }

    // Messages may be sentences; this one goes on. An ellipsis belongs to what it cuts.
    private static string Clause(string message) => message.EndsWith("..", StringComparison.Ordinal) ? message : message.TrimEnd('.');

    private static partial class Log
    {
        [LoggerMessage(3030, LogLevel.Warning, "Detector {Detector}: bad record {Topic}/{Partition} offset {Offset} ({Reason}): {Message}; it goes to topic {DeadLetterTopic}")]
        public static partial void BadRecord(
            ILogger logger, string detector, string topic, int partition, long offset, string reason, string message, string deadLetterTopic);

        [LoggerMessage(3031, LogLevel.Warning, "Detector {Detector}: {Count} more bad records since the last line")]
        public static partial void Suppressed(ILogger logger, string detector, long count);
    }
}
