namespace AEAnomaly.Detection.Streaming;

/// <summary>Takes what becomes of the records of a batch on its way out.</summary>
public interface IAlertSink
{
    /// <summary>Takes one alert; may wait while the output is full, never drops.</summary>
    /// <param name="alert">Alert to publish.</param>
    void Publish(AlertMessage alert);

    /// <summary>Takes a record that cannot be judged, or told of: it goes where bad input goes.</summary>
    /// <param name="row">Row of the batch.</param>
    /// <param name="reason">What went wrong.</param>
    void Refuse(int row, Exception reason);
}
