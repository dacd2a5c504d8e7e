namespace AEAnomaly.Models.Tests.Tensors;

/// <summary>Counts what a <see cref="FarDevice"/> and its siblings exchange with the host, and what they hold.</summary>
internal sealed class FarTraffic
{
    /// <summary>Gets or sets how often values went to the device.</summary>
    public int Uploads { get; set; }

    /// <summary>Gets or sets how often the host waited for a value.</summary>
    public int Reads { get; set; }

    /// <summary>Gets or sets the memories that are not freed.</summary>
    public int LiveMemories { get; set; }
}
