using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tracks whether a broker answers; says so once for each change. One thread.</summary>
internal sealed partial class BrokerHealth(KafkaOptions options, DetectorRoute route, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private bool _isSaid;
    private string? _detail;
    private string? _suspicion;
    private long _probedAt;

    /// <summary>Gets whether a broker answered since the last failure.</summary>
    public bool IsReachable { get; private set; }

    /// <summary>Gets what is wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes an error event of a client.</summary>
    public void Report(Error error)
    {
        if (KafkaAdvice.IsAuthentication(error.Code))
        {
            Down(KafkaAdvice.ForAuthentication(error));
            return;
        }

        switch (error.Code)
        {
            case ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_Ssl or ErrorCode.Local_TimedOut:
                _detail = error.Reason;
                if (error.Code == ErrorCode.Local_Ssl)
                    Down($"TLS with the broker failed: {error.Reason}; check security.protocol and the ssl.* properties under kafka.properties");
                break;
            case ErrorCode.Local_AllBrokersDown:
                // Each client says so at its own time, also when the broker is back already: believed only once a question stays unanswered.
                _suspicion = $"no broker of {options.BootstrapServers} is reachable{(_detail is null ? "" : $": {_detail}")}; it is tried again without end";
                break;
            default:
                Log.ClientError(logger, route.Name, error.Reason, error.Code);
                break;
        }
    }

    /// <summary>Notes that a broker answered.</summary>
    public void Answered()
    {
        if (IsReachable)
            return;
        IsReachable = true;
        Problem = null;
        _detail = null;
        _isSaid = false;
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
            Down(_suspicion);

        _suspicion = null;
    }

    private void Down(string problem)
    {
        IsReachable = false;
        // The first reason stays: "no broker is reachable" follows every refused password.
        if (_isSaid)
            return;
        Problem = problem;
        _isSaid = true;
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
