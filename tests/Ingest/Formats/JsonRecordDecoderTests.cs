using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Tests.Formats;

public sealed class JsonRecordDecoderTests
{
    private static readonly FeatureSpec Payments = new(
    [
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
        new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "country", Path = "payer.country", Kind = FieldKind.Categorical },
        new FieldSpec { Name = "foreign", Kind = FieldKind.Boolean },
        new FieldSpec { Name = "time", Kind = FieldKind.Timestamp },
    ]);

    [Theory]
    [InlineData(100, "invalid_utf8")]
    [InlineData(101, "too_large")]
    public void TryDecode_BadMessageOfTheLargestSizeOrMore_SaysWhichOfBoth(int bytes, string reason)
    {
        var message = new byte[bytes];
        Array.Fill(message, (byte)' ');
        message[^1] = 0xFF;
        var spec = Decode("""{"card":"c"}""").Spec;

        Assert.False(new JsonRecordDecoder(spec, new JsonDecoderOptions { MaxMessageBytes = 100 }).TryDecode(message, default, new RecordBatch(spec, 1), out var error));

        Assert.Equal(reason, error.Reason);
    }

    [Fact]
    public void TryDecode_EveryKind_GivesValues()
    {
        var batch = Decode("""{"card":"c-1","amount":12.5,"payer":{"name":"x","country":"DE"},"foreign":true,"time":"1970-01-02T00:00:01.5Z"}""");

        Assert.Equal("c-1", Text(batch, 0));
        Assert.Equal(12.5, batch.Numbers(1)[0]);
        Assert.Equal("DE", Text(batch, 2));
        Assert.Equal(1, batch.Numbers(3)[0]);
        Assert.Equal(86401.5, batch.Numbers(4)[0]);
        Assert.Equal(new RecordOrigin("payments", 3, 42, 7), batch.Origins[0]);
    }

    [Fact]
    public void TryDecode_AbsentAndNull_AreMissing()
    {
        var batch = Decode("""{"amount":null,"card":"c","payer":null,"other":[1,{"amount":3}]}""");

        Assert.Equal([false, true, true, true, true], Enumerable.Range(0, 5).Select(f => batch.IsMissing(f, 0)));
    }

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData("\"12.5\"", 12.5)]
    [InlineData("\" -1e3 \"", -1000)]
    [InlineData("-0.1", -0.1)]
    [InlineData("0.1234567890123456789", 0.1234567890123456789)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890d)]
    [InlineData("9007199254740993", 9007199254740992d)]
    [InlineData("1.7976931348623157e308", 1.7976931348623157e308)]
    [InlineData("5e-324", 5e-324)]
    [InlineData("1e-400", 0)]
    [InlineData("\"\\u0031\\u0032\"", 12)]
    public void TryDecode_NumericForms_AreCorrectlyRounded(string value, double expected)
    {
        var batch = Decode($$"""{"card":"c","amount":{{value}}}""");

        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(batch.Numbers(1)[0]));
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("\"true\"", 1)]
    [InlineData("\"False\"", 0)]
    [InlineData("\"1\"", 1)]
    public void TryDecode_BooleanForms_AreZeroOrOne(string value, double expected) =>
        Assert.Equal(expected, Decode($$"""{"card":"c","foreign":{{value}}}""").Numbers(3)[0]);

    [Theory]
    [InlineData("\"2020-02-29\"", 1582934400)]
    [InlineData("\"2020-02-29 12:30\"", 1582979400)]
    [InlineData("\"2020-02-29T12:30:15Z\"", 1582979415)]
    [InlineData("\"2020-02-29T12:30:15.250+01:30\"", 1582974015.25)]
    [InlineData("\"2016-12-31T23:59:60Z\"", 1483228800)]
    [InlineData("1582979415", 1582979415)]
    [InlineData("1582979415.25", 1582979415.25)]
    [InlineData("1582979415250", 1582979415.25)]
    [InlineData("\"1582979415250\"", 1582979415.25)]
    [InlineData("1582979415250000", 1582979415.25)]
    public void TryDecode_TimestampForms_AreSeconds(string value, double expected) =>
        Assert.Equal(expected, Decode($$"""{"card":"c","time":{{value}}}""").Numbers(4)[0]);

    [Theory]
    [InlineData("\"x\"", "x")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("\"a\\\"b\\\\\\n\\u00e9\\ud83d\\ude00\"", "a\"b\\\n\u00e9\U0001F600")]
    [InlineData("\"\"", "")]
    [InlineData("\"\u00fc\"", "\u00fc")]
    public void TryDecode_TextForms_KeepWhatIsWritten(string value, string expected)
    {
        var batch = Decode($$"""{"card":"c","payer":{"country":{{value}} } }""");

        Assert.False(batch.IsMissing(2, 0));
        Assert.Equal(expected, Text(batch, 2));
    }

    [Fact]
    public void TryDecode_LiteralDottedKey_IsFound() =>
        Assert.Equal("FR", Text(Decode("""{"card":"c","payer.country":"FR"}"""), 2));

    [Fact]
    public void TryDecode_EscapedKey_IsFound() =>
        Assert.Equal(3, Decode("""{"card":"c","am\u006funt":3}""").Numbers(1)[0]);

    [Fact]
    public void TryDecode_TwoFieldsOfOnePath_BothGetTheValue()
    {
        var spec = new FeatureSpec(
        [
            new FieldSpec { Name = "zip", Kind = FieldKind.Categorical },
            new FieldSpec { Name = "zip number", Path = "zip", Kind = FieldKind.Numeric },
        ]);
        var batch = new RecordBatch(spec, 1);

        Assert.True(new JsonRecordDecoder(spec, new JsonDecoderOptions()).TryDecode("""{"zip":"0815"}"""u8, default, batch, out _));
        Assert.Equal("0815", Text(batch, 0));
        Assert.Equal(815, batch.Numbers(1)[0]);
    }

    [Theory]
    [InlineData("""{"card":"c","amount":12""", "malformed", "amount", "Byte 23: the message ends before its JSON object is complete in field 'amount'")]
    [InlineData("""{"card":"c""", "malformed", "card", "Byte 10: the message ends before its JSON object is complete in field 'card'")]
    [InlineData("""{"card":"c"}x""", "malformed", null, "Byte 12: not valid JSON, found x")]
    [InlineData("""{"card":"c","amount":012}""", "malformed", "amount", "Byte 22: not valid JSON in field 'amount', found 12}")]
    [InlineData("{\"card\":\"c\",\n\"amount\":tru}", "malformed", "amount", "Byte 25: not valid JSON in field 'amount', found }")]
    [InlineData("""{"card":"c",}""", "malformed", null, "Byte 12: not valid JSON, found }")]
    [InlineData("[1]", "malformed", null, "Byte 0: expected one JSON object, found [1]")]
    [InlineData("", "malformed", null, "The message is empty; expected one JSON object")]
    [InlineData("""{"card":"c","amount":"abc"}""", "wrong_type", "amount", "Field 'amount' at byte 21: expected a finite number, found \"abc\"")]
    [InlineData("""{"card":"c","amount":true}""", "wrong_type", "amount", "Field 'amount' at byte 21: expected a finite number, found true")]
    [InlineData("""{"card":"c","amount":[1]}""", "wrong_type", "amount", "Field 'amount' at byte 21: expected a finite number, found [1]}")]
    [InlineData("""{"card":{"id":1}}""", "wrong_type", "card", "Field 'card' at byte 8: expected a text, a number or a boolean, found {\"id\":1}}")]
    [InlineData("""{"card":"c","foreign":2}""", "wrong_type", "foreign", "Field 'foreign' at byte 22: expected true, false, 0 or 1, found 2")]
    [InlineData("""{"card":"c","payer":"DE"}""", "wrong_type", "country", "Field 'country' at byte 20: expected an object, found \"DE\"")]
    [InlineData("""{"card":"c","time":"2020-02-30"}""", "wrong_type", "time",
        "Field 'time' at byte 19: expected an ISO-8601 time or Unix seconds or milliseconds, found \"2020-02-30\"")]
    [InlineData("""{"amount":1}""", "missing_field", "card", "Field 'card' (path 'card') is required, and it is absent")]
    [InlineData("""{"card":null}""", "missing_field", "card", "Field 'card' (path 'card') is required, and it is null or empty")]
    [InlineData("""{"card":""}""", "missing_field", "card", "Field 'card' (path 'card') is required, and it is null or empty")]
    [InlineData("""{"card":"c","amount":NaN}""", "not_finite", "amount",
        "Field 'amount' at byte 21: JSON has no NaN or infinity (a missing value is null), found NaN}")]
    [InlineData("""{"card":"c","amount":-Infinity}""", "not_finite", "amount",
        "Field 'amount' at byte 21: JSON has no NaN or infinity (a missing value is null), found -Infinity}")]
    [InlineData("""{"card":"c","amount":1e400}""", "not_finite", "amount", "Field 'amount' at byte 21: expected a finite number, found 1e400")]
    [InlineData("""{"card":"c","amount":"-inf"}""", "not_finite", "amount", "Field 'amount' at byte 21: expected a finite number, found \"-inf\"")]
    [InlineData("""{"card":"c","amount":1,"amount":2}""", "duplicate_field", "amount",
        "Field 'amount' at byte 32: the field is given a second time, as 2")]
    [InlineData("""{"card":"c","payer.country":"A","payer":{"country":"B"}}""", "duplicate_field", "country",
        "Field 'country' at byte 51: the field is given a second time, as \"B\"")]
    [InlineData("""{"card":"\ud800"}""", "invalid_utf8", "card", "Field 'card' at byte 8: the text has half a surrogate pair: \"\\ud800\"")]
    public void TryDecode_BadMessage_NamesReasonFieldPlaceAndValue(string message, string reason, string? field, string text)
    {
        var error = Refuse(Encoding.UTF8.GetBytes(message));

        Assert.Equal(new DecodeError(reason, field, text), error);
    }

    [Fact]
    public void TryDecode_InvalidUtf8_NamesTheByte()
    {
        byte[] message = [.. "{\"card\":\"\u00e9"u8, 0xC3, (byte)'"', (byte)'}'];

        Assert.Equal(new DecodeError("invalid_utf8", null, "Byte 11: not valid UTF-8, found 0xC3"), Refuse(message));
    }

    [Fact]
    public void TryDecode_InvalidUtf8InUndeclaredField_IsRefused() =>
        Assert.Equal("invalid_utf8", Refuse([.. "{\"card\":\"c\",\"x\":\""u8, 0xFF, (byte)'"', (byte)'}']).Reason);

    [Fact]
    public void TryDecode_TenMegabytes_IsTooLarge() =>
        Assert.Equal(
            new DecodeError("too_large", null, "The message has 10485760 bytes, more than the limit of 1048576"),
            Refuse(new byte[10 * 1024 * 1024]));

    [Fact]
    public void TryDecode_LongText_IsTooLarge() =>
        Assert.Equal(
            new DecodeError(
                "too_large", "card", $"Field 'card' at byte 8: a text of 5000 bytes is longer than the limit of 4096: \"{new string('a', 39)}..."),
            Refuse(Encoding.UTF8.GetBytes($$"""{"card":"{{new string('a', 5000)}}"}""")));

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(1000, false)]
    public void TryDecode_Nesting_IsBoundByTheLimit(int arrays, bool isGood)
    {
        var message = Encoding.UTF8.GetBytes($$"""{"card":"c","x":{{new string('[', arrays)}}{{new string(']', arrays)}}}""");
        var batch = new RecordBatch(Payments, 1);

        Assert.Equal(isGood, new JsonRecordDecoder(Payments, new JsonDecoderOptions()).TryDecode(message, default, batch, out var error));
        if (!isGood)
            Assert.Equal(new DecodeError("too_deep", null, "Byte 47: objects or arrays are nested deeper than the limit of 32"), error);
    }

    [Fact]
    public void TryDecode_BadAfterGood_LeavesTheGoodRecord()
    {
        var decoder = new JsonRecordDecoder(Payments, new JsonDecoderOptions());
        var batch = new RecordBatch(Payments, 1);

        Assert.True(decoder.TryDecode("""{"card":"first","amount":1}"""u8, default, batch, out _));
        Assert.False(decoder.TryDecode("""{"card":"second","amount":"x"}"""u8, default, batch, out _));
        Assert.True(decoder.TryDecode("""{"card":"third","amount":3}"""u8, default, batch, out _));
        Assert.Equal(2, batch.Count);
        Assert.Equal("first", Text(batch, 0, 0));
        Assert.Equal("third", Text(batch, 0, 1));
    }

    [Theory]
    [InlineData("amount", 1)]
    [InlineData("foreign", 3)]
    [InlineData("time", 4)]
    public void TryDecode_EmptyTextOfANumberABooleanOrATime_IsMissing(string name, int field)
    {
        Assert.True(Decode($$"""{"card":"c","{{name}}":""}""").IsMissing(field, 0));
        Assert.True(Decode($$"""{"card":"c","{{name}}":"  "}""").IsMissing(field, 0));
    }

    [Theory]
    [InlineData("5411.0", "5411")]
    [InlineData("5.411e3", "5411")]
    [InlineData("\"5411.0\"", "5411")]
    [InlineData("\" DE \"", "DE")]
    public void TryDecode_OneCategoryInSeveralForms_IsOne(string value, string expected) =>
        Assert.Equal(expected, Text(Decode($$"""{"card":"c","payer":{"country":{{value}} } }"""), 2));

    [Fact]
    public void TryDecode_KeyWrittenAsADouble_IsTheSameKey() => Assert.Equal("42", Text(Decode("""{"card":42.0}"""), 0));

    [Fact]
    public void TryDecode_ByteOrderMark_DoesNotCount() => Assert.Equal(3, Decode("\uFEFF{\"card\":\"c\",\"amount\":3}").Numbers(1)[0]);

    [Theory]
    [InlineData("0000000007", "{\"card\":\"c\"}", "The value begins with a schema registry's header (magic byte 0, schema id 7), and JSON follows it; only plain JSON is read: produce it with a serializer without a registry")]
    [InlineData("00000000FE", "\u0002ab", "The value begins with a schema registry's header (magic byte 0, schema id 254), and what follows is Avro or Protobuf; only plain JSON is read: produce it with a serializer without a registry")]
    [InlineData("1F8B0800", "x", "The value is compressed with gzip; expected one JSON object")]
    [InlineData("28B52FFD", "x", "The value is compressed with zstd; expected one JSON object")]
    [InlineData("4F626A01", "x", "The value is an Avro container file; expected one JSON object")]
    [InlineData("FFFE7B00", "\"\0", "The value is UTF-16; JSON is UTF-8")]
    [InlineData("", "\"{\\\"card\\\":1}\"", "The value is JSON within a JSON text; it was encoded twice")]
    [InlineData("", "[{\"card\":1},{\"card\":2}]", "The value is a JSON array of objects, found [{\"card\":1},{\"card\":2}]; expected one JSON object: write each as a message of its own")]
    [InlineData("", "<?xml version=\"1.0\"?><a/>", "The value is XML; expected one JSON object")]
    public void TryDecode_WhatIsNoJsonObject_IsNamed(string hexadecimal, string rest, string message) =>
        Assert.Equal(new DecodeError("malformed", null, message), Refuse([.. Convert.FromHexString(hexadecimal), .. Encoding.UTF8.GetBytes(rest)]));

    [Theory]
    [InlineData("""{"before":{"card":"c"},"after":null,"op":"d"}""", true)]
    [InlineData("""{"op":"d","ts_ms":5,"after":null}""", true)]
    [InlineData("""{"before":null,"after":{"card":"c","amount":1},"op":"c"}""", false)]
    [InlineData("""{"before":{"card":"c"},"op":"d"}""", null)]
    public void TryDecode_ChangeEvent_ADeleteIsPassedOver(string message, bool? isDeletion)
    {
        var spec = new FeatureSpec([new FieldSpec { Name = "card", Path = "after.card", Kind = FieldKind.Key }, new FieldSpec { Name = "amount", Path = "after.amount", Kind = FieldKind.Numeric }]);
        var batch = new RecordBatch(spec, 1);
        var decoder = new JsonRecordDecoder(spec, new JsonDecoderOptions());

        // Twice: the second time a shape that was learned could be used.
        for (var i = 0; i < 2; i++)
        {
            var isGood = decoder.TryDecode(Encoding.UTF8.GetBytes(message), default, batch, out var error);
            Assert.Equal((isDeletion == false, isDeletion == true), (isGood, error.IsDeletion));
        }
    }

    [Fact]
    public void TryDecode_ByDeclaredRules_ReadsTextsAndLeavesNumbers()
    {
        var spec = new FeatureSpec(
        [
            new FieldSpec { Name = "amount", Kind = FieldKind.Numeric, Decimal = ",", Missing = ["NA", "-999"] },
            new FieldSpec { Name = "time", Kind = FieldKind.Timestamp, Format = "d/M/yyyy", TimeZone = "+01:00" },
            new FieldSpec { Name = "kind", Kind = FieldKind.Categorical, Missing = ["NA"] },
        ]);
        var decoder = new JsonRecordDecoder(spec, new JsonDecoderOptions());
        var batch = new RecordBatch(spec, 8);
        string[] messages =
        [
            """{"amount":"1.234,5","time":"2/1/1970","kind":"x"}""", """{"amount":"NA","time":"","kind":"NA"}""", """{"amount":1.234,"time":"2/1/1970","kind":7.0}""",
            """{"amount":-999,"time":"2/1/1970","kind":"x"}""", """{"amount":-999.0,"time":"2/1/1970","kind":"x"}""",
        ];

        foreach (var message in messages.Concat(messages))
            Assert.True(decoder.TryDecode(Encoding.UTF8.GetBytes(message), default, batch, out var error), error.Message);

        double[] amounts = [1234.5, double.NaN, 1.234, double.NaN, double.NaN];
        Assert.Equal(amounts.Concat(amounts), batch.Numbers(0).ToArray());
        Assert.Equal([82800, double.NaN, 82800], batch.Numbers(1)[..3].ToArray());
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(row => batch.IsMissing(2, row)));
        Assert.Equal("7", Text(batch, 2, 2));
        Assert.False(decoder.TryDecode("""{"amount":"12.5.5"}"""u8, default, batch, out var refused));
        Assert.Equal("Field 'amount' at byte 10: expected a number with ',' as its decimal mark, found \"12.5.5\"", refused.Message);
        Assert.False(decoder.TryDecode("""{"time":19700102}"""u8, default, batch, out refused));
        Assert.Equal("Field 'time' at byte 8: expected a time written like d/M/yyyy, found 19700102", refused.Message);
    }

    private static RecordBatch Decode(string message)
    {
        var batch = new RecordBatch(Payments, 1);
        var isGood = new JsonRecordDecoder(Payments, new JsonDecoderOptions())
            .TryDecode(Encoding.UTF8.GetBytes(message), new RecordOrigin("payments", 3, 42, 7), batch, out var error);
        Assert.True(isGood, error.Message);
        return batch;
    }

    private static DecodeError Refuse(byte[] message)
    {
        var batch = new RecordBatch(Payments, 1);
        Assert.False(new JsonRecordDecoder(Payments, new JsonDecoderOptions()).TryDecode(message, default, batch, out var error));
        Assert.Equal(0, batch.Count);
        return error;
    }

    private static string Text(RecordBatch batch, int field, int row = 0) => Encoding.UTF8.GetString(batch.Text(field, row));
}
