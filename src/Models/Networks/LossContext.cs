using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Networks;

/// <summary>Tells a network under which circumstances its loss is asked for.</summary>
/// <param name="Progress">Share of the run that is done, 0 to 1; 1 outside of training, where every schedule has ended.</param>
/// <param name="Noise">Source of the noise a network adds while it learns; null asks for the loss without noise.</param>
internal readonly record struct LossContext(double Progress, SeededRandom? Noise)
{
    /// <summary>Gets the circumstances of a measurement on held-out rows: schedules ended, no noise.</summary>
    public static LossContext HeldOut => new(1, null);
}
