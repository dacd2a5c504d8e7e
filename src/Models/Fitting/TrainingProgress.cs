namespace AEAnomaly.Models.Fitting;

/// <summary>Reports where a training run stands.</summary>
/// <param name="Phase">What is being done, one word or two: "training", "pre-training layer 2".</param>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="MaxSteps">Optimiser steps at most; early stopping may end before.</param>
/// <param name="TrainingLoss">Mean loss of the last steps.</param>
/// <param name="HeldOutLoss">Loss on the held-out rows when last measured; NaN before that.</param>
public readonly record struct TrainingProgress(string Phase, int Step, int MaxSteps, double TrainingLoss, double HeldOutLoss);
