namespace AEAnomaly.Detection.Configuration;

/// <summary>Proposes what to remember of each key.</summary>
/// <param name="History">The section.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record HistoryProposal(HistoryOptions History, string Reason);
