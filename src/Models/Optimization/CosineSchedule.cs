namespace AEAnomaly.Models.Optimization;

/// <summary>Raises the learning rate linearly over a short warm-up, then lets it fall along half a cosine to 1 % of its peak (Loshchilov and Hutter, 2017).</summary>
/// <param name="peak">Highest learning rate.</param>
/// <param name="steps">Steps of the whole run.</param>
internal sealed class CosineSchedule(double peak, int steps)
{
    private const double FloorShare = 0.01;

    // Adam's second moment is a mean over 1,000 gradients: the first few are too noisy for full steps.
    private readonly int _warmUp = Math.Min(50, steps / 20);

    /// <summary>Computes the learning rate of a step.</summary>
    /// <param name="step">Step, counted from 0.</param>
    public double Rate(int step)
    {
        if (step < _warmUp)
            return peak * (step + 1) / (_warmUp + 1);

        var progress = (double)(step - _warmUp) / Math.Max(1, steps - _warmUp);
        return peak * (FloorShare + ((1 - FloorShare) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, progress)))));
    }
}
