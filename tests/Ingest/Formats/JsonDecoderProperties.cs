using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Formats;
using CsCheck;

namespace AEAnomaly.Ingest.Tests.Formats;

/// <summary>Holds the decoder to what another library wrote. A failure names the seed that repeats it.</summary>
public sealed class JsonDecoderProperties
{
    private const int Number = 0, Text = 1, Deep = 2;

    private static readonly FeatureSpec Spec = new(
    [
        new FieldSpec { Name = "number", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "text", Kind = FieldKind.Categorical },
        new FieldSpec { Name = "deep", Path = "a.b", Kind = FieldKind.Numeric },
    ]);

    private static readonly Gen<string> AnyText = Gen.Char.Array[1, 60].Select(text => new string(text)).Where(text => !text.Any(char.IsSurrogate) && text.Trim().Length == text.Length);

    private static readonly Gen<double> AnyNumber = Gen.Double.Where(double.IsFinite);

    private static readonly Gen<JsonSerializerOptions> Writing = Gen.Select(Gen.Bool, Gen.Bool, (isIndented, isEscaped) => new JsonSerializerOptions
    {
        WriteIndented = isIndented,
        Encoder = isEscaped ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    [Fact]
    public void TryDecode_MessagesOfAnotherWriter_GiveTheirValuesInAnyOrderAndLayout() =>
        // Several in a row: what was learnt from the ones before must not show.
        (from messages in Gen.Select(AnyNumber, AnyText, AnyNumber, AnyText, Gen.Shuffle(new[] { 0, 1, 2, 3 }), Writing).Array[1, 8]
         select messages).Sample(messages =>
        {
            var decoder = new JsonRecordDecoder(Spec, new JsonDecoderOptions());
            var batch = new RecordBatch(Spec, messages.Length);
            for (var row = 0; row < messages.Length; row++)
            {
                var (number, text, deep, other, order, writing) = messages[row];
                KeyValuePair<string, JsonNode?>[] members =
                [
                    new("number", number), new("text", text), new("a", new JsonObject { ["other"] = other, ["b"] = deep }), new("more", new JsonArray(other, number, null)),
                ];
                var message = new JsonObject(order.Select(i => members[i])).ToJsonString(writing);

                Assert.True(decoder.TryDecode(Encoding.UTF8.GetBytes(message), default, batch, out var error), $"{error} {message}");
                Assert.Equal(number, batch.Numbers(Number)[row]);
                Assert.Equal(text, Encoding.UTF8.GetString(batch.Text(Text, row)));
                Assert.Equal(deep, batch.Numbers(Deep)[row]);
            }
        });

    [Fact]
    public void TryDecode_AnyBytes_AreARecordOrSayWhyNot() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.Char["{}[]\":,\\ntruefalse0.5e-ab "].Array[0, 120].Select(text => Encoding.UTF8.GetBytes(text))).Array[1, 5].Sample(messages =>
        {
            var decoder = new JsonRecordDecoder(Spec, new JsonDecoderOptions());
            var batch = new RecordBatch(Spec, messages.Length);
            foreach (var message in messages)
            {
                var before = batch.Count;
                if (decoder.TryDecode(message, default, batch, out var error))
                {
                    using var document = JsonDocument.Parse(message);
                    Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
                    Assert.Equal(before + 1, batch.Count);
                }
                else
                {
                    Assert.NotEmpty(error.Message);
                    Assert.Equal(before, batch.Count);
                }
            }
        });
}
