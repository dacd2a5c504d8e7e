namespace AEAnomaly.Detection.Streaming;

/// <summary>Says which records before the first one to process a processor is to be handed of a partition: all that any part of this asks for.</summary>
/// <param name="Records">So many records before it; 0 for none.</param>
/// <param name="Age">The records of this long before now, by the broker's time; zero for none.</param>
/// <param name="FromOffset">The records from this offset on; null for none.</param>
public readonly record struct PastWanted(int Records, TimeSpan Age = default, long? FromOffset = null)
{
    /// <summary>Gets whether what came before does not matter.</summary>
    public bool IsNothing => Records == 0 && Age <= TimeSpan.Zero && FromOffset is null;
}
