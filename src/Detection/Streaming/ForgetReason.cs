namespace AEAnomaly.Detection.Streaming;

/// <summary>States why a processor is to forget what came before in partitions.</summary>
public enum ForgetReason
{
    /// <summary>Another process reads them from now on, or this one after a restart; it goes on where this one ended.</summary>
    GivenAway,

    /// <summary>Another process reads them already; where it began is not known here.</summary>
    Lost,

    /// <summary>Their log is another: the topic was deleted and created anew, or the end of the log was cut off. What was kept of them is worth nothing.</summary>
    AnotherLog,
}
