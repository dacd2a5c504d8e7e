namespace AEAnomaly.Models.Networks;

/// <summary>Describes a part of a training run with objectives of its own.</summary>
/// <param name="Name">What is being done, as progress shows it.</param>
/// <param name="Share">Share of the run's steps, above 0; the shares of all phases sum to 1.</param>
/// <param name="Objectives">
/// Objectives that take turns in every step, each on rows of its own. The first one is the phase's: its loss is reported and chooses the weights that are kept.
/// </param>
internal sealed record TrainingPhase(string Name, double Share, IReadOnlyList<TrainingObjective> Objectives);
