namespace AEAnomaly.Host.Demo;

/// <summary>Generates a believable payment stream: cards with habits of their own, a day rhythm, journeys, and labelled fraud scenarios. The same seed gives the same stream.</summary>
/// <remarks>
/// The velocity fields (distance, pause, count, amount against the usual) are what a payment gateway adds to each message from its own memory of the card.
/// Fraud does not enter that memory as far as place and amount go: a gateway updates them only from settled payments.
/// </remarks>
internal sealed class PaymentGenerator
{
    private static readonly MerchantCategory[] Categories =
    [
        new("groceries", 30, 32, 0.6, 0.06),
        new("restaurant", 18, 24, 0.6, 0.10),
        new("transport", 14, 9, 0.7, 0.35),
        new("fuel", 8, 55, 0.35, 0.0),
        new("clothing", 7, 48, 0.6, 0.5),
        new("pharmacy", 6, 17, 0.6, 0.1),
        new("digital_goods", 6, 12, 0.5, 1.0),
        new("household", 5, 60, 0.7, 0.35),
        new("cash", 4, 90, 0.5, 0.0),
        new("travel", 3, 180, 0.7, 0.8),
        new("electronics", 2, 140, 0.8, 0.6),
        new("gift_cards", 0.6, 40, 0.5, 0.8),
    ];

    private static readonly Place[] Cities =
    [
        new("DE", 52.5, 13.4), new("DE", 48.1, 11.6), new("DE", 50.9, 6.9), new("FR", 48.9, 2.4), new("FR", 45.8, 4.8), new("IT", 41.9, 12.5),
        new("IT", 45.5, 9.2), new("ES", 40.4, -3.7), new("ES", 41.4, 2.2), new("NL", 52.4, 4.9), new("PL", 52.2, 21.0), new("AT", 48.2, 16.4),
    ];

    private static readonly Place[] FarCities =
    [
        new("US", 40.7, -74.0), new("US", 34.1, -118.2), new("BR", -23.6, -46.6), new("TH", 13.8, 100.5), new("ZA", -26.2, 28.0), new("ID", -6.2, 106.8), new("VN", 21.0, 105.8),
    ];

    // Share of the day's payments by local hour: quiet nights, a lunch and an evening peak.
    private static readonly double[] HourWeights =
        [0.2, 0.1, 0.1, 0.1, 0.15, 0.4, 1.0, 2.0, 2.6, 2.8, 3.2, 4.0, 4.8, 4.2, 3.6, 3.6, 4.2, 5.0, 5.2, 4.4, 3.2, 2.0, 1.2, 0.5];

    private const double MeanHourWeight = 2.45;
    private const double PaymentsPerCardAndDay = 4;
    private const double JourneyChance = 0.001;
    private const double NewDeviceShare = 0.002;
    private static readonly TimeSpan LongPause = TimeSpan.FromHours(6);

    private readonly Random _random;
    private readonly Card[] _cards;
    private readonly double[] _activity;
    private readonly Queue<(DateTimeOffset Time, Func<Payment> Make)> _fraud = new();
    private readonly double _fraudEpisodeChance;
    private long _sequence;
    private DateTimeOffset _now;

    /// <summary>Creates a generator.</summary>
    /// <param name="seed">Seed of every choice.</param>
    /// <param name="start">Time of the first payment in the generated world.</param>
    /// <param name="cards">Number of cards.</param>
    /// <param name="fraudEpisodeChance">Chance that a fraud episode begins with a payment, once fraud is on.</param>
    public PaymentGenerator(int seed, DateTimeOffset start, int cards = 2000, double fraudEpisodeChance = 0.003)
    {
        _random = new Random(seed);
        _now = start;
        _fraudEpisodeChance = fraudEpisodeChance;
        _cards = [.. Enumerable.Range(0, cards).Select(CreateCard)];
        _activity = Cumulate(_cards.Select(c => c.Activity));
    }

    /// <summary>Gets or sets whether fraud episodes may begin.</summary>
    public bool FraudOn { get; set; }

    /// <summary>Generates the next payment.</summary>
    public Payment Next()
    {
        Advance();
        if (_fraud.TryPeek(out var next) && next.Time <= _now)
            return _fraud.Dequeue().Make();

        var card = _cards[Pick(_activity)];
        if (FraudOn && _fraud.Count == 0 && _random.NextDouble() < _fraudEpisodeChance)
            PlanFraud(_cards[Pick(_activity)]);
        return Genuine(card);
    }

    private void Advance()
    {
        var local = _now.Hour + (_now.Minute / 60.0);
        var lower = HourWeights[(int)local];
        var weight = lower + ((HourWeights[((int)local + 1) % 24] - lower) * (local - (int)local));
        var perSecond = _cards.Length * PaymentsPerCardAndDay / 86_400 * weight / MeanHourWeight;
        _now += TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / perSecond);
    }

    private Payment Genuine(Card card)
    {
        MoveCard(card);
        var category = Categories[Pick(card.CategoryWeights)];
        var online = _random.NextDouble() < category.OnlineShare;
        var amount = Amount(category, card.Spending);
        var distance = online ? (double?)null : card.LastTerminal.DistanceKm(card.Location) + LocalKm();
        var payment = Make(card, FraudScenario.None, amount, category.Name, online ? OnlineCountry(card) : card.Location.Country,
            online ? "online" : category.Name == "cash" ? "atm" : amount < 50 && _random.NextDouble() < 0.8 ? "contactless" : "chip",
            online ? _random.NextDouble() > NewDeviceShare : null, distance);
        card.RememberAmount(amount);
        if (!online)
            card.LastTerminal = card.Location;
        return payment;
    }

    private void MoveCard(Card card)
    {
        // A journey takes its hours: a card changes its place only after a long pause.
        if (_now - card.LastPayment < LongPause)
            return;

        if (card.Location != card.Home && _now >= card.TravelsUntil)
        {
            card.Location = card.Home;
        }
        else if (_random.NextDouble() < JourneyChance)
        {
            card.Location = Cities[_random.Next(Cities.Length)];
            card.TravelsUntil = _now + TimeSpan.FromDays(2 + (_random.NextDouble() * 8));
        }
    }

    private string OnlineCountry(Card card) => _random.NextDouble() < 0.85 ? card.Home.Country : Cities[_random.Next(Cities.Length)].Country;

    private void PlanFraud(Card card)
    {
        switch (_random.Next(4))
        {
            case 0:
                var tries = 5 + _random.Next(8);
                for (var i = 0; i < tries; i++)
                {
                    Plan(i * (2 + (_random.NextDouble() * 18)), () => Make(card, FraudScenario.CardTesting, Math.Round(0.2 + (_random.NextDouble() * 1.6), 2),
                        "digital_goods", FarCity().Country, "online", false, null));
                }

                break;
            case 1:
                var country = FarCity().Country;
                var purchases = 2 + _random.Next(4);
                for (var i = 0; i < purchases; i++)
                {
                    Plan(i * (60 + (_random.NextDouble() * 240)), () => Make(card, FraudScenario.AccountTakeover, Math.Round(Usual(card) * (6 + (_random.NextDouble() * 14)), 2),
                        _random.Next(2) == 0 ? "electronics" : "gift_cards", country, "online", false, null));
                }

                break;
            case 2:
                Plan(0, () => Make(card, FraudScenario.UnusualAmount, Math.Round(Usual(card) * (25 + (_random.NextDouble() * 60)), 2),
                    Categories[_random.Next(6)].Name, card.Location.Country, "chip", null, LocalKm()));
                break;
            default:
                var place = FarCity();
                var copies = 1 + _random.Next(3);
                for (var i = 0; i < copies; i++)
                {
                    Plan(i * (120 + (_random.NextDouble() * 600)), () => Make(card, FraudScenario.ImpossibleTravel, Math.Round(Usual(card) * (1 + (_random.NextDouble() * 5)), 2),
                        _random.Next(2) == 0 ? "cash" : "clothing", place.Country, "chip", null, place.DistanceKm(card.LastTerminal)));
                }

                break;
        }
    }

    private void Plan(double secondsFromNow, Func<Payment> make) => _fraud.Enqueue((_now + TimeSpan.FromSeconds(secondsFromNow), make));

    private Payment Make(Card card, FraudScenario scenario, double amount, string category, string country, string channel, bool? deviceKnown, double? distanceKm)
    {
        var pause = card.LastPayment == DateTimeOffset.MinValue ? (double?)null : (_now - card.LastPayment).TotalMinutes;
        var count = card.CountLastHour(_now);
        card.RememberTime(_now);
        return new Payment(_sequence++, scenario, _now, card.Id, amount, category, country, channel, deviceKnown,
            distanceKm is { } km ? Math.Round(km, 1) : null, pause is { } minutes ? Math.Round(minutes, 2) : null, count,
            card.UsualAmount == 0 ? null : Math.Round(amount / card.UsualAmount, 3));
    }

    private double Amount(MerchantCategory category, double spending) =>
        Math.Max(0.5, Math.Round(category.MedianAmount * spending * Math.Exp(Normal() * category.Spread), 2));

    private static double Usual(Card card) => card.UsualAmount == 0 ? 30 : card.UsualAmount;

    // Shops of one town: a few kilometres apart.
    private double LocalKm() => Math.Exp(Normal() * 0.9) * 3;

    private Place FarCity() => FarCities[_random.Next(FarCities.Length)];

    private Card CreateCard(int index)
    {
        var home = Cities[_random.Next(Cities.Length)];
        return new Card
        {
            Id = $"c-{index:D5}",
            Home = home,
            Location = home,
            LastTerminal = home,
            Spending = Math.Exp(Normal() * 0.35),
            Activity = Math.Exp(Normal() * 0.6),
            CategoryWeights = Cumulate(Categories.Select(c => c.Weight * Math.Exp(Normal() * 0.8))),
        };
    }

    private static double[] Cumulate(IEnumerable<double> weights)
    {
        double sum = 0;
        return [.. weights.Select(w => sum += w)];
    }

    private int Pick(double[] cumulative)
    {
        var index = Array.BinarySearch(cumulative, _random.NextDouble() * cumulative[^1]);
        return Math.Min(index < 0 ? ~index : index, cumulative.Length - 1);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
