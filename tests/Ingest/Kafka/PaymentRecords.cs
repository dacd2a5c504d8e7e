using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>The records of these tests: "key;number", decoded without allocating.</summary>
internal sealed class PaymentRecords : IRecordDecoder
{
    public static FeatureSpec Spec { get; } = new(
    [
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
        new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
    ]);

    public static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"card{number % 7};{number}");

    public bool TryDecode(ReadOnlySpan<byte> payload, in RecordOrigin origin, RecordBatch batch, out DecodeError decodeError)
    {
        decodeError = default;
        if (payload.SequenceEqual("deleted"u8))
        {
            decodeError = DecodeError.Deletion;
            return false;
        }

        var split = payload.IndexOf((byte)';');
        if (split < 0 || !double.TryParse(payload[(split + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
        {
            decodeError = new DecodeError("malformed", "amount", $"'{Encoding.UTF8.GetString(payload)}' is not card;amount");
            return false;
        }

        var row = batch.Append(origin);
        batch.SetText(0, row, payload[..split]);
        batch.SetNumber(1, row, amount);
        return true;
    }
}
