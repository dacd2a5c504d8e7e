using System.Globalization;
using System.Text;

namespace AEAnomaly.Integration.Tests;

/// <summary>Generates the tests' stream: meter readings whose power is current times voltage, and faulty ones where it is not.</summary>
internal sealed class MeterReadings(int seed)
{
    /// <summary>The fields of a reading, as a configuration declares them.</summary>
    public const string Fields =
        "[{ name: meter, kind: key, pass_through: plain }, { name: current, path: reading.current, kind: numeric }, { name: voltage, path: reading.voltage, kind: numeric }, "
        + "{ name: power, path: reading.power, kind: numeric }, { name: mode, kind: categorical }]";

    private readonly Random _random = new(seed);
    private int _sequence;

    /// <summary>Makes a normal reading.</summary>
    public (string Key, string Value) Normal() => Reading(1);

    /// <summary>Makes a reading whose power is far from what current and voltage say, though each value alone is usual.</summary>
    public (string Key, string Value) Faulty() => Reading(6);

    /// <summary>Makes a normal reading in a mode that no other reading has.</summary>
    public (string Key, string Value) InMode(string mode) => Reading(1, mode);

    private (string Key, string Value) Reading(double fault, string? mode = null)
    {
        var current = 8 + (_random.NextDouble() * 4);
        var voltage = 228 + (_random.NextDouble() * 4);
        var power = current * voltage * (1 + (0.004 * (_random.NextDouble() - 0.5)));
        var meter = $"meter-{_random.Next(40):D2}";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"r-{_sequence++}\",\"meter\":\"{meter}\",\"reading\":{{\"current\":{current:F3},\"voltage\":{voltage:F2},\"power\":{power * fault:F1}}},");
        text.Append(CultureInfo.InvariantCulture, $"\"mode\":\"{mode ?? (_random.Next(3) == 0 ? "eco" : "normal")}\"}}");
        return (meter, text.ToString());
    }
}
