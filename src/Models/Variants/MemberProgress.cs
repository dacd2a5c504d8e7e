using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Models.Variants;

/// <summary>Passes the progress of one member of an ensemble on as that of the whole.</summary>
/// <param name="whole">Receives the progress.</param>
/// <param name="name">Name of the member's variant.</param>
/// <param name="index">Index of the member.</param>
/// <param name="count">Number of members.</param>
internal sealed class MemberProgress(IProgress<TrainingProgress> whole, string name, int index, int count) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => whole.Report(value with
    {
        Phase = $"{name} ({index + 1} of {count}), {value.Phase}",
        Step = (index * value.MaxSteps) + value.Step,
        MaxSteps = count * value.MaxSteps,
    });
}
