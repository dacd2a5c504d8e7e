namespace AEAnomaly.Host.Demo;

/// <summary>Generates a believable payment stream: cards with habits of their own, a day rhythm, journeys, and labelled fraud scenarios. The same seed gives the same stream.</summary>
/// <remarks>
/// A payment says what a terminal knows: card, time, amount, what for, where. What the card did before is for the detector to remember. A holder whose number was misused pays with a new one from then on.
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

    /// <summary>Payments of a day in the generated world.</summary>
    public const double PaymentsPerDay = Cards * PaymentsPerCardAndDay;

    private const int Cards = 2000;
    private const double MeanHourWeight = 2.45;
    private const double PaymentsPerCardAndDay = 1.25;
    private const double MeanAmount = 46;
    private const double FraudEpisodeChance = 0.003;
    private const double JourneyChance = 0.0003;
    private const double NewDeviceShare = 0.001;
    private static readonly TimeSpan LongPause = TimeSpan.FromHours(6);

    private readonly Random _random;
    private readonly Card[] _cards;
    private readonly double[] _activity;
    private readonly Queue<(DateTimeOffset Time, Func<Payment> Make)> _fraud = new();
    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset _end;
    private long _sequence;
    private int _issued;
    private Card? _victim;
    private DateTimeOffset _now;

    /// <summary>Creates a generator.</summary>
    /// <param name="seed">Seed of every choice.</param>
    /// <param name="start">Time of the first payment in the generated world.</param>
    /// <param name="end">Time after which it begins anew, with other card numbers.</param>
    public PaymentGenerator(int seed, DateTimeOffset start, DateTimeOffset end)
    {
        _random = new Random(seed);
        (_start, _end, _now) = (start, end, start);
        _cards = [.. Enumerable.Range(0, Cards).Select(_ => CreateCard())];
        _activity = Cumulate(_cards.Select(c => c.Activity));
    }

    /// <summary>Gets or sets whether fraud episodes may begin.</summary>
    public bool FraudOn { get; set; }

    /// <summary>Generates the next payment.</summary>
    public Payment Next()
    {
        Advance();
        if (_fraud.TryPeek(out var next) && next.Time <= _now)
            return NextFraud();

        var card = _cards[Pick(_activity)];
        if (FraudOn && _fraud.Count == 0 && _random.NextDouble() < FraudEpisodeChance)
            PlanFraud(_victim = _cards[Pick(_activity)]);
        return Genuine(card);
    }

    private Payment NextFraud()
    {
        var payment = _fraud.Dequeue().Make();
        if (_fraud.Count == 0)
            _victim!.Id = NewId();
        return payment;
    }

    private void Advance()
    {
        var local = _now.Hour + (_now.Minute / 60.0);
        var lower = HourWeights[(int)local];
        var weight = lower + ((HourWeights[((int)local + 1) % 24] - lower) * (local - (int)local));
        var perSecond = PaymentsPerDay / 86_400 * weight / MeanHourWeight;
        _now += TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / perSecond);
        if (_now > _end)
            BeginAnew();
    }

    private void BeginAnew()
    {
        _now = _start;
        _fraud.Clear();
        foreach (var card in _cards)
            (card.Id, card.LastPayment, card.LastShopping, card.TravelsUntil) = (NewId(), default, default, default);
    }

    private Payment Genuine(Card card)
    {
        MoveCard(card);
        var category = Categories[Pick(card.CategoryWeights)];
        var online = _random.NextDouble() < category.OnlineShare;
        var amount = Amount(category, card.Spending);
        card.LastPayment = _now;
        if (online)
            return Make(card, FraudScenario.None, amount, category.Name, OnlineCountry(card), "online", _random.NextDouble() > NewDeviceShare, null);
        card.Shop = NextShop(card);
        card.LastShopping = _now;
        var channel = category.Name == "cash" ? "atm" : amount < 50 && _random.NextDouble() < 0.8 ? "contactless" : "chip";
        return Make(card, FraudScenario.None, amount, category.Name, card.Shop.Country, channel, null, card.Shop);
    }

    // The way from one shop to the next takes its time: who paid a minute ago pays next door.
    private Place NextShop(Card card)
    {
        var hours = (_now - card.LastShopping).TotalHours;
        return hours < 1 ? Near(card.Shop, hours) : Near(card.Location, 1);
    }

    // Shops of one town: a few kilometres apart.
    private Place Near(Place place, double hours) => place.Away(Math.Exp(Normal() * 0.9) * 3 * hours, _random.NextDouble() * Math.Tau);

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
                    Plan(i * (60 + (_random.NextDouble() * 240)), () => Make(card, FraudScenario.AccountTakeover, Times(card, 6 + (_random.NextDouble() * 14)),
                        _random.Next(2) == 0 ? "electronics" : "gift_cards", country, "online", false, null));
                }

                break;
            case 2:
                Plan(0, () => WithCopy(card, FraudScenario.UnusualAmount, Times(card, 25 + (_random.NextDouble() * 60)), Categories[_random.Next(6)].Name, card.Location));
                break;
            default:
                var place = FarCity();
                var copies = 1 + _random.Next(3);
                for (var i = 0; i < copies; i++)
                {
                    Plan(i * (120 + (_random.NextDouble() * 600)), () => WithCopy(card, FraudScenario.ImpossibleTravel, Times(card, 1 + (_random.NextDouble() * 5)),
                        _random.Next(2) == 0 ? "cash" : "clothing", place));
                }

                break;
        }
    }

    private void Plan(double secondsFromNow, Func<Payment> make) => _fraud.Enqueue((_now + TimeSpan.FromSeconds(secondsFromNow), make));

    private Payment WithCopy(Card card, FraudScenario scenario, double amount, string category, Place town) =>
        Make(card, scenario, amount, category, town.Country, "chip", null, Near(town, 1));

    private Payment Make(Card card, FraudScenario scenario, double amount, string category, string country, string channel, bool? deviceKnown, Place? terminal) =>
        new(_sequence++, scenario, _now, card.Id, amount, category, country, channel, deviceKnown, terminal);

    private double Amount(MerchantCategory category, double spending) =>
        Math.Max(0.5, Math.Round(category.MedianAmount * spending * Math.Exp(Normal() * category.Spread), 2));

    /// <summary>Gives a multiple of what the card pays on average.</summary>
    private static double Times(Card card, double factor) => Math.Round(MeanAmount * card.Spending * factor, 2);

    private Place FarCity() => FarCities[_random.Next(FarCities.Length)];

    private Card CreateCard()
    {
        var home = Cities[_random.Next(Cities.Length)];
        return new Card
        {
            Id = NewId(),
            Home = home,
            Location = home,
            Spending = Math.Exp(Normal() * 0.35),
            Activity = Math.Exp(Normal() * 0.6),
            CategoryWeights = Cumulate(Categories.Select(c => c.Weight * Math.Exp(Normal() * 0.8))),
        };
    }

    private string NewId() => $"c-{_issued++:D5}";

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
