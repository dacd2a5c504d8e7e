namespace AEAnomaly.Host.Training;

/// <summary>How a training process shares the processors with the others of its machine.</summary>
internal enum FitPriority
{
    /// <summary>As every program does: somebody waits for the outcome.</summary>
    Normal,

    /// <summary>It yields: records are scored meanwhile.</summary>
    Low,
}
