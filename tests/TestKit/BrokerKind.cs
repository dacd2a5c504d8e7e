namespace AEAnomaly.TestKit;

/// <summary>The two kinds of broker that a test of the main path runs on.</summary>
public enum BrokerKind
{
    /// <summary>The cluster inside the process; always there.</summary>
    Embedded,

    /// <summary>Apache Kafka; there where the environment offers one.</summary>
    Real,
}
