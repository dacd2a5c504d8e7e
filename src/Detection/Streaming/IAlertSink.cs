namespace AEAnomaly.Detection.Streaming;

/// <summary>Takes what becomes of the records of a batch on its way out.</summary>
public interface IAlertSink
{
    /// <summary>Takes one alert; may wait while the output is full, never drops.</summary>
    /// <param name="alert">Alert to publish.</param>
    void Publish(AlertMessage alert);

    /// <summary>Gets whether the score of every record is wanted.</summary>
    bool WantsScores { get; }

    /// <summary>Takes how a record was judged; called for every record that is not refused, where it is wanted.</summary>
    /// <param name="row">Row of the batch.</param>
    /// <param name="score">How it was judged.</param>
    void Score(int row, in RecordScore score);

    /// <summary>Takes a record that cannot be judged, or told of: it goes where bad input goes.</summary>
    /// <param name="row">Row of the batch.</param>
    /// <param name="reason">What went wrong.</param>
    void Refuse(int row, Exception reason);
}
