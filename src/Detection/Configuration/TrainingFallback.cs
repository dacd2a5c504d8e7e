namespace AEAnomaly.Detection.Configuration;

/// <summary>Chooses what happens where the device that was asked for cannot be used, or fails.</summary>
public enum TrainingFallback
{
    /// <summary>The training fails; the version that scores goes on.</summary>
    None,

    /// <summary>The native engine does the work.</summary>
    Native,
}
