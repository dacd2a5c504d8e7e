namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says that a topic cannot be read: it does not exist, holds nothing, or no broker answers.</summary>
public sealed class TopicUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TopicUnavailableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Topic, what was found, what to do.</param>
    public TopicUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Topic, what was found, what to do.</param>
    /// <param name="innerException">Cause.</param>
    public TopicUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
