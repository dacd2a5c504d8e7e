namespace AEAnomaly.Models.Fitting;

/// <summary>Says what surrounds the fit of a network; none of it but <paramref name="Begin"/> changes the weights.</summary>
/// <param name="Begin">Puts other weights in place once the initial ones are there, or null.</param>
/// <param name="Progress">Receives progress now and then, or null.</param>
/// <param name="Threads">Threads to work on, 1 or 2.</param>
internal sealed record FitConditions(Action? Begin, IProgress<TrainingProgress>? Progress, int Threads);
