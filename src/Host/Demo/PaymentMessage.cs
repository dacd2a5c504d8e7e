using System.Buffers;
using System.Text.Json;

namespace AEAnomaly.Host.Demo;

/// <summary>Writes payments as the JSON messages of the demo's topic.</summary>
internal sealed class PaymentMessage
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    /// <summary>Writes one payment; the result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(Payment payment)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        json.WriteString("transaction_id", payment.TransactionId);
        json.WriteString("time", payment.Time.UtcDateTime);
        json.WriteString("card_id", payment.CardId);
        json.WriteNumber("amount", payment.Amount);
        json.WriteString("currency", "EUR");
        json.WriteString("channel", payment.Channel);
        json.WriteStartObject("merchant");
        json.WriteString("category", payment.Category);
        json.WriteString("country", payment.Country);
        json.WriteEndObject();
        if (payment.DeviceKnown is { } known)
            json.WriteBoolean("device_known", known);
        json.WriteStartObject("velocity");
        WriteOptional(json, "distance_km", payment.DistanceKm);
        WriteOptional(json, "minutes_since_previous", payment.MinutesSincePrevious);
        json.WriteNumber("count_last_hour", payment.CountLastHour);
        WriteOptional(json, "amount_to_usual", payment.AmountToUsual);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan;
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
