using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

// Credentials and certificates that change while it runs. A password alone is told to the living clients, so that nothing is interrupted. For all else the loop ends as it
// does for a topic that was made anew (what was read is processed, published and committed), and the next one has clients of its own.
public sealed partial class DetectorConsumer
{
    private volatile TaskCompletionSource _renewed = new();
    private KafkaRenewal? _renewal;

    /// <summary>Goes on with other credentials; any thread.</summary>
    /// <param name="renewal">What changed.</param>
    public void Renew(KafkaRenewal renewal)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        // One that was not taken yet is part of this one.
        var before = Interlocked.Exchange(ref _renewal, null);
        Interlocked.Exchange(ref _renewal, before is { NeedsNewClients: true } ? renewal with { NeedsNewClients = true } : renewal);
        _renewed.TrySetResult();
    }

    private KafkaRenewal? TakeRenewal()
    {
        if (Volatile.Read(ref _renewal) is null)
            return null;
        _renewed = new TaskCompletionSource();
        if (Interlocked.Exchange(ref _renewal, null) is not { } renewal)
            return null;
        _options = renewal.Options;
        return renewal;
    }

    private bool IsToBeMadeAnew(ConsumerLoop loop)
    {
        if (loop.WasRefused)
        {
            Log.LetInAgain(_logger, Route.Name);
            return true;
        }

        if (loop.IsMember)
            _joining.NoteJoined();
        var bound = JoinBound;
        if (_joining.IsInVain(loop.IsJoining))
        {
            loop.GiveUpJoining();
            Log.JoinedInVain(_logger, Route.Name, Route.GroupId, bound!.Value.TotalSeconds);
            return true;
        }

        if (TakeRenewal() is not { } renewal)
            return false;
        if (renewal.NeedsNewClients)
        {
            Log.ClientsRenewed(_logger, Route.Name);
            return true;
        }

        loop.TakeCredentials(renewal.Options);
        Log.CredentialsTaken(_logger, Route.Name);
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(3064, LogLevel.Information, "Detector {Detector}: certificates or credentials changed; what was read is committed, and the Kafka clients are replaced")]
        public static partial void ClientsRenewed(ILogger logger, string detector);

        [LoggerMessage(3066, LogLevel.Warning, "Detector {Detector}: the broker refused the credentials and takes them now; the Kafka clients are replaced")]
        public static partial void LetInAgain(ILogger logger, string detector);

        [LoggerMessage(3067, LogLevel.Warning, "Detector {Detector}: a broker answers, and group {Group} did not let it in within {Seconds} s; the Kafka clients are replaced")]
        public static partial void JoinedInVain(ILogger logger, string detector, string group, double seconds);

        [LoggerMessage(3065, LogLevel.Information, "Detector {Detector}: the Kafka clients have the changed user or password")]
        public static partial void CredentialsTaken(ILogger logger, string detector);
    }
}
