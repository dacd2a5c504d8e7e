namespace AEAnomaly.Models.Fitting;

/// <summary>Tells how a training run went.</summary>
/// <param name="Steps">Optimiser steps taken.</param>
/// <param name="BestStep">Step whose weights were kept (lowest held-out loss).</param>
/// <param name="TrainingRows">Rows learned from.</param>
/// <param name="HeldOutRows">Rows held out for early stopping and the threshold.</param>
/// <param name="TrainingLoss">Mean training loss at the end.</param>
/// <param name="HeldOutLoss">Held-out loss of the weights that were kept.</param>
/// <param name="Duration">Wall-clock time.</param>
/// <param name="StoppedEarly">True when patience ran out before the step limit.</param>
public sealed record TrainingReport(
    int Steps,
    int BestStep,
    int TrainingRows,
    int HeldOutRows,
    double TrainingLoss,
    double HeldOutLoss,
    TimeSpan Duration,
    bool StoppedEarly)
{
    /// <summary>Gets the name of the device that trained.</summary>
    /// <value>native, torch or cuda; native for models stored before there was a choice.</value>
    public string Device { get; init; } = "native";
}
