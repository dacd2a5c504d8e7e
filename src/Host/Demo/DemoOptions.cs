namespace AEAnomaly.Host.Demo;

/// <summary>Sets up a demo.</summary>
/// <param name="Duration">How long the stream goes on.</param>
/// <param name="Keep">Whether it goes on until interrupted.</param>
/// <param name="Bootstrap">Kafka to run on, or null for the embedded cluster.</param>
/// <param name="Rate">Payments a second once the model scores.</param>
/// <param name="Seed">Seed of the generated world and of the training.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
internal sealed record DemoOptions(TimeSpan Duration, bool Keep, string? Bootstrap, int Rate, int Seed, bool Json);
