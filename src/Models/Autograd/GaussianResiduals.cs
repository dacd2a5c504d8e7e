using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Standardises what Gaussians left unexplained: r = p (x - m) exp(-s), c = sum p (s + log(2 pi) / 2), with s = B tanh(v / B).</summary>
/// <remarks>
/// -log N(x; m, exp(2 s)) over the features that are present is sum r² / 2 + c. dm = -dr p exp(-s), dv = (p dc - dr r) (1 - (s / B)²). Target and flags are constants.
/// </remarks>
internal static class GaussianResiduals
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="decoded">m, then v, <c>[rows, 2 features or more]</c>; the columns after them do not matter here.</param>
    /// <param name="target">x, <c>[rows, features]</c>.</param>
    /// <param name="present">p, same shape, 1 where a feature is present and 0 where it is missing; null where none is missing.</param>
    /// <param name="bound">B, above 0.</param>
    /// <returns>r, <c>[rows, features]</c>, and c, nats, <c>[rows]</c>.</returns>
    public static (Tensor Residuals, Tensor Costs) Apply(Tape? tape, Tensor decoded, Tensor target, Tensor? present, float bound)
    {
        if (decoded.Shape.Rank != 2 || target.Shape.Rank != 2 || decoded.Shape[0] != target.Shape[0] || decoded.Shape[1] < 2 * target.Shape[1])
            throw new ArgumentException($"GaussianResiduals: what was decoded, {decoded.Shape}, does not fit target {target.Shape}.");
        if (present is not null && present.Shape != target.Shape)
            throw new ArgumentException($"GaussianResiduals: flags {present.Shape} do not fit target {target.Shape}.");

        var device = decoded.Device;
        var (logDeviations, precisions) = (device.Create(target.Shape), device.Create(target.Shape));
        var (residuals, costs) = (device.Create(target.Shape), device.Create(new Shape(target.Shape[0])));
        device.GaussianResiduals(decoded, target, present, bound, residuals, logDeviations, precisions, costs);
        tape?.Record(
            residuals,
            costs,
            (residualsGradient, costsGradient) =>
            {
                // Columns after the Gaussians' own get nothing from here: what they hold has to be zero first.
                var accumulate = true;
                var hasMore = decoded.Shape[1] > 2 * target.Shape[1];
                if ((hasMore ? tape.Gradient(decoded) : tape.Gradient(decoded, out accumulate)) is { } decodedGradient)
                {
                    device.GaussianResidualsBackward(
                        residuals, logDeviations, precisions, present, bound, residualsGradient, costsGradient, decodedGradient, accumulate);
                }
            },
            decoded);
        return (residuals, costs);
    }
}
