namespace AEAnomaly.Detection.Streaming;

/// <summary>Takes alerts on their way out.</summary>
public interface IAlertSink
{
    /// <summary>Takes one alert; may wait while the output is full, never drops.</summary>
    /// <param name="alert">Alert to publish.</param>
    void Publish(AlertMessage alert);
}
