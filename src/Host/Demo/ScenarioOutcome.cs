namespace AEAnomaly.Host.Demo;

/// <summary>Tells what was found of one fraud scenario.</summary>
/// <param name="Scenario">Scenario.</param>
/// <param name="Payments">Payments of it.</param>
/// <param name="Flagged">Payments of it that raised an alert.</param>
internal sealed record ScenarioOutcome(string Scenario, int Payments, int Flagged);
