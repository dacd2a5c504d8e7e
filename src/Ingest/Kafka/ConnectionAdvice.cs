using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says what keeps a client from being let in by a broker, and what to do: credentials, certificates, a listener of another kind.</summary>
internal static partial class ConnectionAdvice
{
    // OpenSSL's words for what a broker says of a client's certificate, also of one that it misses.
    private static readonly string[] RefusedCertificates =
        ["bad certificate", "certificate required", "unknown ca", "certificate unknown", "certificate expired", "certificate revoked", "unsupported certificate", "access denied"];

    public static bool IsAuthentication(ErrorCode code) =>
        code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState;

    /// <summary>Says what an error of a client means for its connection; null where it is about something else, or only that there is no connection.</summary>
    public static (ConnectionFault Fault, string Text)? For(Error error, KafkaOptions options)
    {
        if (IsAuthentication(error.Code))
            return (IsAboutToken(error) ? ConnectionFault.Token : ConnectionFault.Credentials, ForCredentials(error));
        if (error.Code is not (ErrorCode.Local_Ssl or ErrorCode.Local_Transport))
            return null;
        var reason = Plain(error.Reason);
        if (Array.Exists(RefusedCertificates, words => reason.Contains("alert " + words, StringComparison.Ordinal)))
        {
            return (ConnectionFault.ClientCertificate, CertificateOf(options) is { } certificate
                ? $"the broker refused this client's certificate ({certificate}): {reason}; an authority that the broker trusts must have issued it, for a time that is not over"
                : $"the broker wants a certificate of this client and there is none: {reason}; set ssl.certificate.location and ssl.key.location under kafka.properties");
        }

        if (error.Code != ErrorCode.Local_Ssl)
            return null;
        return reason.Contains("certificate verify failed", StringComparison.Ordinal)
            ? (ConnectionFault.BrokerCertificate,
                $"the broker's certificate is not trusted: {reason}. Its authority must stand in {AuthoritiesOf(options)}, the host's name as kafka.bootstrap_servers and the broker's advertised.listeners "
                + "write it in the certificate, and the certificate's time must not be over")
            : (ConnectionFault.Tls, $"TLS with the broker failed: {reason}; check security.protocol and the ssl.* properties under kafka.properties");
    }

    /// <summary>Says that credentials were refused: by a broker, or by who gives the tokens for it.</summary>
    public static string ForCredentials(Error error)
    {
        var reason = Plain(error.Reason);
        return IsAboutToken(error)
            ? $"no token for the broker could be had: {reason}; check sasl.oauthbearer.token.endpoint.url, sasl.oauthbearer.client.id and sasl.oauthbearer.client.secret under kafka.properties"
            : $"the broker refused the credentials: {reason}; check sasl.mechanism, sasl.username, sasl.password and security.protocol under kafka.properties";
    }

    /// <summary>Says what a line of librdkafka's log tells of a connection; null for most.</summary>
    /// <remarks>A listener that speaks TLS ends a connection without it at once, and no error event tells that.</remarks>
    public static string? ForLine(LogMessage line) =>
        line.Facility == "FAIL" && line.Message.Contains("Disconnected", StringComparison.Ordinal) && line.Message.Contains("in state APIVERSION_QUERY", StringComparison.Ordinal)
            ? "the connection was ended as soon as it was made, as a listener with TLS does where security.protocol under kafka.properties has none"
            : null;

    /// <summary>Takes away how long it took, which is another with every attempt.</summary>
    private static string Plain(string reason) => Timing().Replace(reason, "");

    private static bool IsAboutToken(Error error) => error.Reason.Contains("OAUTHBEARER token", StringComparison.Ordinal);

    private static string? CertificateOf(KafkaOptions options)
    {
        foreach (var name in (string[])["ssl.certificate.location", "ssl.keystore.location"])
        {
            if (options.Properties.TryGetValue(name, out var file))
                return $"{name}: {file}";
        }

        return options.Properties.ContainsKey("ssl.certificate.pem") ? "ssl.certificate.pem" : null;
    }

    private static string AuthoritiesOf(KafkaOptions options) => options.Properties.TryGetValue("ssl.ca.location", out var file)
        ? $"ssl.ca.location ({file})"
        : "ssl.ca.location under kafka.properties, which is not set, or among those of this machine";

    [GeneratedRegex(@" \(after \d+ms in state [^)]*\)")]
    private static partial Regex Timing();
}
