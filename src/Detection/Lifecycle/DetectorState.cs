namespace AEAnomaly.Detection.Lifecycle;

/// <summary>States what a detector is doing.</summary>
public enum DetectorState
{
    /// <summary>No model yet, and too few records to train one.</summary>
    Warming,

    /// <summary>No model yet; the first one is being trained.</summary>
    Training,

    /// <summary>A model is loaded and scores; a retraining may run beside it.</summary>
    Scoring,

    /// <summary>Something keeps it from scoring; the reason says what.</summary>
    Failed,
}
