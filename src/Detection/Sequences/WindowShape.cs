namespace AEAnomaly.Detection.Sequences;

/// <summary>Says how large an encoded window is.</summary>
/// <param name="Window">Records.</param>
/// <param name="Width">Features of a record.</param>
/// <param name="Blocks">Blocks of a record.</param>
internal readonly record struct WindowShape(int Window, int Width, int Blocks)
{
    /// <summary>Gets the features of a window.</summary>
    public int Values => Window * Width;

    /// <summary>Gets the flags of a window.</summary>
    public int Flags => Window * Blocks;

    /// <summary>Gets the memory that a window takes, records as they came left aside.</summary>
    public long Bytes => KeyWindow.OverheadBytes + ((long)Values * sizeof(float)) + Flags;
}
