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
        if (payment.Terminal is { } terminal)
        {
            json.WriteNumber("latitude", Math.Round(terminal.Latitude, 4));
            json.WriteNumber("longitude", Math.Round(terminal.Longitude, 4));
        }

        json.WriteEndObject();
        if (payment.DeviceKnown is { } known)
            json.WriteBoolean("device_known", known);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan;
    }
}
