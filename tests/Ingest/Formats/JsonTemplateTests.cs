using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Formats;

/// <summary>Holds the fast path to the reference: whatever the message, both give the same record or the same error.</summary>
public sealed class JsonTemplateTests
{
    private static readonly FeatureSpec Spec = new(
    [
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
        new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "rate", Kind = FieldKind.Numeric, Required = true },
        new FieldSpec { Name = "country", Path = "payer.country", Kind = FieldKind.Categorical },
        new FieldSpec { Name = "age", Path = "payer.more.age", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "foreign", Kind = FieldKind.Boolean },
        new FieldSpec { Name = "time", Kind = FieldKind.Timestamp },
        new FieldSpec { Name = "time text", Path = "time", Kind = FieldKind.Ignore, PassThrough = PassThrough.Plain },
        new FieldSpec { Name = "label", Kind = FieldKind.Label },
    ]);

    private static readonly JsonDecoderOptions Limits = new() { MaxDepth = 6, MaxTextBytes = 40, MaxMessageBytes = 2000 };

    private static readonly string[] Values =
    [
        "0", "-0", "1", "7", "-12", "00", "01", "-01", "-", "+1", ".5", "5.", "1.e3", "0.1", "123.456", "1e5", "1E+05", "1e", "1e400", "-1e400", "1e-400",
        "9007199254740993", "123456789012345", "1234567890123456789", "12345678901234567890", "0.12345678", "0.123456789", "0.1234567890123456789", "1.7976931348623157e308",
        "0.000000000000000000000000000001", "1582979415", "1582979415250", "1582979415.250", "null", "nul", "nullx", "true", "false", "tru", "True", "NaN", "-Infinity",
        "\"\"", "\"x\"", "\"DE\"", "\"12.5\"", "\" 1 \"", "\"nan\"", "\"true\"", "\"2020-02-29T12:30:15.250+01:30\"", "\"2020-13-01\"", "\"a\\\"b\"", "\"\\u0041\"",
        "\"\\ud800\"", "\"\u00e9\u4e2d\U0001F600\"", "\"a\tb\"", "\"a\u0000b\"", "\"unclosed", "\"0123456789012345678901234567890\"", "\"01234567890123456789012345678901234567890123456789\"",
        "{}", "[]", "[1,2]", "{\"country\":\"DE\"}", "{\"country\":1,\"more\":{\"age\":2}}", "[[[[[[[[1]]]]]]]]", "1 ", " 1", "\n2",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TryDecode_MutatedMessages_AgreeWithTheReader(int seed)
    {
        var random = new Random(seed);
        var fast = new JsonRecordDecoder(Spec, Limits);
        var reference = new JsonRecordDecoder(Spec, Limits, usesTemplates: false);
        var fastBatch = new RecordBatch(Spec, 4);
        var referenceBatch = new RecordBatch(Spec, 4);
        int good = 0, bad = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var message = i % 2 == 0 ? Good(random, random.Next(3)) : Mutate(random, Good(random, random.Next(3)));
            var origin = new RecordOrigin("fuzz", 0, i, i);

            var isGood = reference.TryDecode(message, origin, referenceBatch, out var expected);
            Assert.Equal(isGood, fast.TryDecode(message, origin, fastBatch, out var actual));
            Assert.Equal(expected, actual);
            good += isGood ? 1 : 0;
            bad += isGood ? 0 : 1;
            AssertSameLast(referenceBatch, fastBatch, Encoding.UTF8.GetString(message));
            if (referenceBatch.Count == 50)
            {
                referenceBatch.Clear();
                fastBatch.Clear();
            }
        }

        // A mutation that is never refused, or always, would test nothing.
        Assert.InRange(good, 10_000, 19_000);
        Assert.InRange(bad, 1000, 10_000);
    }

    [Fact]
    public void TryScan_SameShape_IsReadByTheTemplateAlone()
    {
        var reader = new JsonObjectReader(Spec, Limits);
        var scanner = new JsonTemplateScanner(Spec, Limits, reader);
        var random = new Random(5);
        var template = JsonTemplate.Learn(Good(random, 1), reader.Paths);
        Assert.NotNull(template);
        var batch = new RecordBatch(Spec, 1);

        for (var i = 0; i < 1000; i++)
        {
            scanner.Load(Good(random, 1));
            Assert.True(scanner.TryScan(template, batch, batch.Append(default)));
        }
    }

    [Fact]
    public void TryScan_EveryTruncation_IsLeftToTheReader()
    {
        var reader = new JsonObjectReader(Spec, Limits);
        var scanner = new JsonTemplateScanner(Spec, Limits, reader);
        var message = Good(new Random(6), 0);
        var template = JsonTemplate.Learn(message, reader.Paths);
        Assert.NotNull(template);
        var batch = new RecordBatch(Spec, 1);

        for (var length = 0; length < message.Length; length++)
        {
            // What a longer message left behind must not complete a shorter one.
            scanner.Load(message);
            scanner.Load(message.AsSpan(0, length));
            Assert.False(scanner.TryScan(template, batch, batch.Append(default)), Encoding.UTF8.GetString(message, 0, length));
        }
    }

    [Fact]
    public void TryDecode_SteadyState_AllocatesNothing()
    {
        var random = new Random(7);
        var messages = Enumerable.Range(0, 300).Select(i => Good(random, i % 3)).ToArray();
        foreach (var decoder in new[] { new JsonRecordDecoder(Spec, Limits), new JsonRecordDecoder(Spec, Limits, usesTemplates: false) })
        {
            var batch = new RecordBatch(Spec, messages.Length);

            Assert.Equal(0, Allocations.InSteadyState(() => DecodeAll(decoder, messages, batch)));
            Assert.Equal(messages.Length, batch.Count);
        }
    }

    [Fact]
    public void TryDecode_GermanCulture_ReadsTheSameNumbers()
    {
        var before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = german;
        try
        {
            var batch = new RecordBatch(Spec, 2);
            var decoder = new JsonRecordDecoder(Spec, Limits);
            for (var i = 0; i < 2; i++)
                Assert.True(decoder.TryDecode("""{"card":"c","amount":-1234.5,"rate":"1.23456789012345678901"}"""u8, default, batch, out _));

            Assert.Equal([-1234.5, -1234.5], batch.Numbers(1).ToArray());
            Assert.Equal([1.23456789012345678901, 1.23456789012345678901], batch.Numbers(2).ToArray());
            Assert.False(decoder.TryDecode("""{"card":"c","rate":"1,5"}"""u8, default, batch, out var error));
            Assert.Equal("Field 'rate' at byte 19: expected a finite number, found \"1,5\"", error.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void DecodeAll(JsonRecordDecoder decoder, byte[][] messages, RecordBatch batch)
    {
        batch.Clear();
        foreach (var message in messages)
            decoder.TryDecode(message, default, batch, out _);
    }

    private static byte[] Good(Random random, int shape)
    {
        var invariant = CultureInfo.InvariantCulture;
        var amount = (random.Next(4) switch
        {
            0 => random.Next(1000),
            1 => Math.Round(random.NextDouble() * 1000, 2),
            2 => random.NextDouble(),
            _ => -random.NextDouble() * 1e18,
        }).ToString("R", invariant);
        var card = $"c{random.Next(100_000)}{new string('x', random.Next(20))}";
        var flag = random.Next(2) == 0 ? "true" : "false";
        var country = random.Next(5) switch { 0 => "null", 1 => "\"D\u00fc\"", 2 => "17", _ => "\"DE\"" };
        var rate = random.Next(1_000_000).ToString(invariant);
        var time = (1_500_000_000L + random.Next(100_000_000)).ToString(invariant);
        return Encoding.UTF8.GetBytes(shape switch
        {
            0 => $"{{\"card\":\"{card}\",\"amount\":{amount},\"rate\":{rate},\"payer\":{{\"country\":{country},\"more\":{{\"age\":{random.Next(99)}}}}},\"foreign\":{flag},\"time\":{time}}}",
            1 => $"{{\"id\": {random.Next()}, \"rate\": {rate}, \"card\": \"{card}\", \"a property that is longer than one vector\": [1, {{\"rate\": {amount}}}], \"time\": \"2020-02-{random.Next(10, 29)}\", \"amount\": {amount}}}",
            _ => $" {{\"rate\":{rate},\n\"card\":\"{card}\",\"payer\":null,\"label\":{flag},\"foreign\":{flag}\n}}\n",
        });
    }

    private static byte[] Mutate(Random random, byte[] message)
    {
        var text = Encoding.UTF8.GetString(message);
        switch (random.Next(6))
        {
            case 0:
                return message[..random.Next(message.Length)];
            case 1:
                message[random.Next(message.Length)] = (byte)random.Next(256);
                return message;
            case 2:
                var at = random.Next(message.Length);
                return [.. message[..at], (byte)random.Next(128), .. message[at..]];
            case 3:
                at = random.Next(message.Length);
                return [.. message[..at], .. message[(at + 1)..]];
            case 4:
                return Encoding.UTF8.GetBytes(text.Replace("\"foreign\"", random.Next(2) == 0 ? "\"amount\"" : "\"payer.country\"", StringComparison.Ordinal));
            default:
                // Puts another value behind one of the colons.
                var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToArray();
                var colon = colons[random.Next(colons.Length)];
                var end = text.IndexOfAny([',', '}', ']'], colon);
                return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, colon + 1), Values[random.Next(Values.Length)], text.AsSpan(end)));
        }
    }

    private static void AssertSameLast(RecordBatch expected, RecordBatch actual, string message)
    {
        Assert.Equal(expected.Count, actual.Count);
        if (expected.Count == 0)
            return;
        var row = expected.Count - 1;
        Assert.Equal(expected.Origins[row], actual.Origins[row]);
        for (var field = 0; field < Spec.Fields.Count; field++)
        {
            Assert.True(expected.IsMissing(field, row) == actual.IsMissing(field, row), message);
            if (FeatureSpec.IsNumber(Spec.Fields[field].Kind))
            {
                Assert.True(
                    BitConverter.DoubleToInt64Bits(expected.Numbers(field)[row]) == BitConverter.DoubleToInt64Bits(actual.Numbers(field)[row]), message);
            }
            else
            {
                Assert.True(expected.Text(field, row).SequenceEqual(actual.Text(field, row)), message);
            }
        }
    }
}
