namespace AEAnomaly.Models.Kernels;

/// <summary>Tells which features of a row an affine coupling changes; see <see cref="Autograd.CouplingMap"/>.</summary>
/// <param name="Width">Features of a row.</param>
/// <param name="Start">First feature that changes.</param>
/// <param name="Changed">Number of features that change, side by side.</param>
/// <param name="Bound">Bound of the log-scales, above 0.</param>
internal readonly record struct CouplingShape(int Width, int Start, int Changed, float Bound);
