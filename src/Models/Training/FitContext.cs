using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Training;

/// <summary>Says what surrounds a fit, beside data and options: none of it but <paramref name="Initial"/> changes the weights, and in their last digits <paramref name="Device"/>.</summary>
/// <param name="Time">Clock for the report.</param>
/// <param name="Progress">Receives progress now and then, or null.</param>
/// <param name="Initial">Network to begin from and the features they share, or null to begin from random weights.</param>
/// <param name="Threads">Threads to work on, 1 or 2, used as far as the variant allows it; the second one has the priority of the calling thread.</param>
/// <param name="Device">Creates the device to train on, or null for the engine of this assembly.</param>
public sealed record FitContext(
    TimeProvider Time, IProgress<TrainingProgress>? Progress = null, InitialWeights? Initial = null, int Threads = 1, DeviceFactory? Device = null);
