namespace AEAnomaly.Ingest.Kafka;

/// <summary>What keeps a client from being let in by a broker.</summary>
internal enum ConnectionFault
{
    /// <summary>There is no connection, and nobody says why.</summary>
    Unreachable,

    /// <summary>The broker refused user, password, token or mechanism.</summary>
    Credentials,

    /// <summary>Who gives tokens gave none.</summary>
    Token,

    /// <summary>The broker refused the client's certificate, or misses it.</summary>
    ClientCertificate,

    /// <summary>The client does not trust the broker's certificate.</summary>
    BrokerCertificate,

    /// <summary>TLS failed otherwise.</summary>
    Tls,
}
