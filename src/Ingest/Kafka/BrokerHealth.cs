using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tracks whether a broker answers; says so once for each change. One thread.</summary>
internal sealed partial class BrokerHealth(KafkaOptions options, DetectorRoute route, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private ConnectionFault? _said;
    private string? _detail;
    private volatile string? _heard;
    private string? _suspicion;
    private long _probedAt;

    /// <summary>Gets whether a broker answered since the last failure.</summary>
    public bool IsReachable { get; private set; }

    /// <summary>Gets whether clients were refused and are let in again: librdkafka's (2.16) may never fetch again where a connection was refused that had to say again who it is.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Gets what is wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes an error event of a client.</summary>
    public void Report(Error error)
    {
        if (ConnectionAdvice.For(error, options) is var (fault, text))
        {
            Down(fault, text);
            return;
        }

        switch (error.Code)
        {
            case ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut:
                _detail = error.Reason;
                break;
            case ErrorCode.Local_AllBrokersDown:
                // Each client says so at its own time, also when the broker is back already: believed only once a question stays unanswered.
                var detail = _detail ?? _heard;
                _suspicion = $"no broker of {options.BootstrapServers} is reachable{(detail is null ? "" : $": {detail}")}; it is tried again without end";
                break;
            default:
                Log.ClientError(logger, route.Name, error.Reason, error.Code);
                break;
        }
    }

    /// <summary>Takes a line of a client's log; any thread.</summary>
    public void Hear(LogMessage line) => _heard = ConnectionAdvice.ForLine(line) ?? _heard;

    /// <summary>Notes that a broker answered.</summary>
    public void Answered()
    {
        if (IsReachable)
            return;
        IsReachable = true;
        WasRefused |= _said is ConnectionFault.Credentials or ConnectionFault.Token;
        Problem = null;
        (_detail, _heard) = (null, null);
        _said = null;
        Log.Reachable(logger, route.Name, options.BootstrapServers);
    }

    /// <summary>While no broker answers, or a client suspects so, asks about once a second.</summary>
    public void Probe(TopicWatch topics)
    {
        if ((IsReachable && _suspicion is null) || (_probedAt != 0 && time.GetElapsedTime(_probedAt) < ProbeEvery))
            return;

        var code = topics.Ask(ProbeTimeout);
        _probedAt = time.GetTimestamp();
        if (code == ErrorCode.NoError)
            Answered();
        else if (_suspicion is not null)
            Down(ConnectionFault.Unreachable, _suspicion);

        _suspicion = null;
    }

    private void Down(ConnectionFault fault, string problem)
    {
        IsReachable = false;
        // "No broker is reachable" follows every refused password, and comes before many: who knows more is believed, and a new reason after the former is gone.
        if (_said is { } said && (fault == ConnectionFault.Unreachable || fault == said))
            return;
        Problem = problem;
        _said = fault;
        Log.Unreachable(logger, route.Name, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Error, "Detector {Detector}: {Problem}")]
        public static partial void Unreachable(ILogger logger, string detector, string problem);

        [LoggerMessage(3011, LogLevel.Information, "Detector {Detector}: connected to {BootstrapServers}")]
        public static partial void Reachable(ILogger logger, string detector, string bootstrapServers);

        [LoggerMessage(3012, LogLevel.Warning, "Detector {Detector}: Kafka client: {Reason} ({Code})")]
        public static partial void ClientError(ILogger logger, string detector, string reason, ErrorCode code);
    }
}
