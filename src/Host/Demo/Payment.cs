namespace AEAnomaly.Host.Demo;

/// <summary>Holds one generated payment.</summary>
/// <param name="Sequence">Number from 0; the transaction id is made of it.</param>
/// <param name="Scenario">What it is part of; never in the message.</param>
/// <param name="Time">When it happened, in the generated world's time.</param>
/// <param name="CardId">Card.</param>
/// <param name="Amount">Amount in EUR.</param>
/// <param name="Category">What was paid for.</param>
/// <param name="Country">Country of the merchant.</param>
/// <param name="Channel">"chip", "contactless", "online" or "atm".</param>
/// <param name="DeviceKnown">Whether the device was used with this card before; null where there is none.</param>
/// <param name="Terminal">Where the card was put into a terminal; null for online payments.</param>
internal sealed record Payment(
    long Sequence,
    FraudScenario Scenario,
    DateTimeOffset Time,
    string CardId,
    double Amount,
    string Category,
    string Country,
    string Channel,
    bool? DeviceKnown,
    Place? Terminal)
{
    /// <summary>Gets the transaction id.</summary>
    public string TransactionId => IdOf(Sequence);

    /// <summary>Makes a transaction id of a sequence number.</summary>
    public static string IdOf(long sequence) => $"t-{sequence:D9}";
}
