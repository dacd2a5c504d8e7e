namespace AEAnomaly.Host.Page;

/// <summary>Holds what every viewer is told at one moment.</summary>
/// <param name="Number">Its number, from 1; the next one has the next.</param>
/// <param name="Data">One JSON object.</param>
internal sealed record PageFrame(long Number, ReadOnlyMemory<byte> Data);
