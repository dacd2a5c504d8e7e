namespace AEAnomaly.Host.Demo;

/// <summary>Holds one card's habits, and what its holder did last.</summary>
internal sealed class Card
{
    /// <summary>Gets or sets the number; its holder gets another one after a fraud.</summary>
    public required string Id { get; set; }

    public required Place Home { get; init; }

    /// <summary>Gets the factor on a category's usual amounts, around 1.</summary>
    public required double Spending { get; init; }

    /// <summary>Gets how often it pays, as a weight.</summary>
    public required double Activity { get; init; }

    /// <summary>Gets the preferred categories with cumulative weights.</summary>
    public required double[] CategoryWeights { get; init; }

    /// <summary>Gets or sets where the card holder is; home unless travelling.</summary>
    public required Place Location { get; set; }

    /// <summary>Gets or sets when a journey ends.</summary>
    public DateTimeOffset TravelsUntil { get; set; }

    /// <summary>Gets or sets the shop that the holder paid in last.</summary>
    public Place Shop { get; set; }

    /// <summary>Gets or sets when that was.</summary>
    public DateTimeOffset LastShopping { get; set; }

    /// <summary>Gets or sets when the holder paid last, in a shop or online.</summary>
    public DateTimeOffset LastPayment { get; set; }
}
