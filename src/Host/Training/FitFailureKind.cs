namespace AEAnomaly.Host.Training;

/// <summary>Tells failures apart by what may help.</summary>
internal enum FitFailureKind
{
    /// <summary>The rows or the options do not do: no device would.</summary>
    Argument,

    /// <summary>The fit itself failed: its loss stopped being finite.</summary>
    Training,

    /// <summary>The device cannot be used, or failed: another one may do.</summary>
    Device,
}
