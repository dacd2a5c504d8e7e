namespace AEAnomaly.Models.Persistence;

/// <summary>Holds one tensor of a weights file.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Shape">Extents, rank 1 to 4.</param>
/// <param name="Values">Values, row-major.</param>
internal sealed record StoredTensor(string Name, int[] Shape, float[] Values);
