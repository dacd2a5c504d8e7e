namespace AEAnomaly.Host.Demo;

/// <summary>Holds one card's habits and what the payment gateway remembers of it.</summary>
internal sealed class Card
{
    private const int RecentPayments = 32;
    private readonly DateTimeOffset[] _recent = new DateTimeOffset[RecentPayments];
    private int _payments;

    public required string Id { get; init; }

    public required Place Home { get; init; }

    /// <summary>Gets the factor on a category's usual amounts, around 1.</summary>
    public required double Spending { get; init; }

    /// <summary>Gets how often it pays, as a weight.</summary>
    public required double Activity { get; init; }

    /// <summary>Gets the preferred categories with cumulative weights.</summary>
    public required double[] CategoryWeights { get; init; }


    /// <summary>Gets or sets where the card holder is; home unless travelling.</summary>
    public required Place Location { get; set; }

    /// <summary>Gets or sets where the gateway saw it last.</summary>
    public required Place LastTerminal { get; set; }

    /// <summary>Gets or sets when a journey ends.</summary>
    public DateTimeOffset TravelsUntil { get; set; }

    /// <summary>Gets the running mean of its amounts.</summary>
    public double UsualAmount { get; private set; }

    /// <summary>Gets when it paid last.</summary>
    public DateTimeOffset LastPayment => _payments == 0 ? DateTimeOffset.MinValue : _recent[(_payments - 1) % RecentPayments];

    /// <summary>Counts the payments of the hour before a moment, the one at hand included, up to the memory of 32.</summary>
    public int CountLastHour(DateTimeOffset now)
    {
        var count = 1;
        for (var i = 0; i < Math.Min(_payments, RecentPayments); i++)
        {
            if (now - _recent[i] <= TimeSpan.FromHours(1))
                count++;
        }

        return count;
    }

    /// <summary>Remembers a payment's time.</summary>
    public void RememberTime(DateTimeOffset now) => _recent[_payments++ % RecentPayments] = now;

    /// <summary>Remembers a genuine amount.</summary>
    public void RememberAmount(double amount) => UsualAmount = UsualAmount == 0 ? amount : (0.95 * UsualAmount) + (0.05 * amount);
}
