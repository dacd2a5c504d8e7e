namespace AEAnomaly.Detection.Alerts;

/// <summary>Places an anomaly in its episode.</summary>
/// <param name="Episode">Its episode.</param>
/// <param name="Sequence">Its number within the episode, from 1; 1 opens it.</param>
internal readonly record struct EpisodePosition(Episode Episode, int Sequence);
