using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Writes card transactions of 30 fields as JSON of about 600 bytes; the same seed gives the same bytes.</summary>
/// <remarks>A record a millisecond. The 22 derived features follow four hidden factors and noise, so that there is something for an autoencoder to learn.</remarks>
internal sealed class TransactionStream
{
    private const int Features = 22;
    private const int Factors = 4;
    private const int Accounts = 50_000;

    private static readonly string[] MerchantCategories = ["groceries", "fuel", "restaurant", "travel", "electronics", "health", "clothing", "leisure"];
    private static readonly DateTime Start = new(2026, 1, 7, 10, 0, 0, DateTimeKind.Utc);

    private readonly Random _random;
    private readonly double[] _loadings;
    private readonly StringBuilder _text = new(1024);
    private int _written;

    /// <param name="seed">Seed of every value.</param>
    public TransactionStream(int seed)
    {
        _random = new Random(seed);
        _loadings = [.. Enumerable.Range(0, Features * Factors).Select(_ => Normal() / Math.Sqrt(Factors))];
    }

    // What a model is trained on, some ten thousand records, then covers days and weeks, as the time features need.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(61_013);

    /// <summary>Gives the fields as a detector declares them: 30 features, of a timestamp (4) and 26 numbers, and on demand those of a category.</summary>
    public static IList<FieldSpec> Fields(bool hasCategory) =>
    [
        new() { Name = "transaction_id", Kind = FieldKind.Ignore },
        new() { Name = "timestamp", Kind = FieldKind.Timestamp },
        new() { Name = "account", Kind = FieldKind.Key },
        new() { Name = "merchant_category", Kind = hasCategory ? FieldKind.Categorical : FieldKind.Ignore },
        Number("amount"),
        Number("is_foreign"),
        Number("count_24h"),
        Number("distance_km"),
        .. Enumerable.Range(1, Features).Select(i => Number($"feat{i:00}")),
    ];

    /// <summary>Writes the next record.</summary>
    public byte[] Next()
    {
        Span<double> factors = stackalloc double[Factors];
        foreach (ref var factor in factors)
            factor = Normal();

        var time = Start + (_written++ * Pause);
        _text.Clear();
        var culture = CultureInfo.InvariantCulture;
        _text.Append(culture, $"{{\"transaction_id\":\"tx-{_random.NextInt64():x16}\",\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss.fff}Z\",");
        _text.Append(culture, $"\"account\":\"acc-{_random.Next(Accounts):000000}\",\"merchant_category\":\"{MerchantCategories[_random.Next(MerchantCategories.Length)]}\",");
        _text.Append(culture, $"\"amount\":{Math.Exp(3.2 + (0.4 * factors[0])):0.00},\"is_foreign\":{(_random.NextDouble() < 0.08 ? 1 : 0)},");
        _text.Append(culture, $"\"count_24h\":{(int)Math.Abs(4 + (2 * factors[1]))},\"distance_km\":{Math.Exp(1.5 + (0.5 * factors[2])):0.000}");
        for (var i = 0; i < Features; i++)
        {
            var value = 0.3 * Normal();
            for (var j = 0; j < Factors; j++)
                value += _loadings[(i * Factors) + j] * factors[j];
            _text.Append(culture, $",\"feat{i + 1:00}\":{value:0.000000}");
        }

        return Encoding.UTF8.GetBytes(_text.Append('}').ToString());
    }

    private static FieldSpec Number(string name) => new() { Name = name, Kind = FieldKind.Numeric, Scaling = NumericScaling.Standard };

    // Box and Muller; one of the two values is enough here.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(Math.Tau * _random.NextDouble());
}
