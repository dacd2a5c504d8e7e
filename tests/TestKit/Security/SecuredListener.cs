namespace AEAnomaly.TestKit.Security;

/// <summary>The ways in which a <see cref="SecuredBroker"/> lets clients in.</summary>
public enum SecuredListener
{
    /// <summary>TLS; the client shows a certificate.</summary>
    MutualTls,

    /// <summary>TLS, user and password in plain text within it.</summary>
    Plain,

    /// <summary>TLS, SCRAM-SHA-512; a connection lives for some seconds, then the client says again who it is.</summary>
    Scram,

    /// <summary>TLS, a token of <see cref="TokenEndpoint"/>.</summary>
    OAuth,

    /// <summary>As <see cref="Plain"/>, with a certificate that another host's name stands in.</summary>
    OtherHost,
}
