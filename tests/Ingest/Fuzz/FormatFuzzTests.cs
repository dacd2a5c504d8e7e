using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Files;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.TestKit.Fuzzing;

namespace AEAnomaly.Ingest.Tests.Fuzz;

/// <summary>Damaged input in every format: a record, or a reason why not, and nothing else.</summary>
public sealed class FormatFuzzTests
{
    private static readonly FeatureSpec Spec = new(
    [
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
        new FieldSpec { Name = "at", Kind = FieldKind.Timestamp },
        new FieldSpec { Name = "amount", Kind = FieldKind.Numeric },
        new FieldSpec { Name = "country", Path = "place.country", Kind = FieldKind.Categorical },
        new FieldSpec { Name = "online", Kind = FieldKind.Boolean },
    ]);

    private static readonly HashSet<string> Reasons =
    [
        DecodeReasons.Malformed, DecodeReasons.WrongType, DecodeReasons.MissingField, DecodeReasons.NotFinite, DecodeReasons.TooLarge, DecodeReasons.TooDeep, DecodeReasons.InvalidUtf8,
        DecodeReasons.DuplicateField,
    ];

    private static readonly string[] JsonTokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\\uD83D\\uDE00", "\"amount\":", "\"place\":{", "\"at\":", "[[[[", "\"payload\":", "\"__deleted\":\"true\"", "\"op\":\"d\"", "//", "\uFEFF"];

    private static readonly byte[][] Messages =
    [
        """{"card":"4000-0001","at":"2026-03-02T12:00:00Z","amount":12.5,"place":{"country":"DE","city":"Köln"},"online":true}"""u8.ToArray(),
        """{"online":0,"place":{"country":null},"amount":"1,234.50","at":1772452800,"card":17,"more":[{"a":[1,2,{"b":null}]},"x"]}"""u8.ToArray(),
        """ { "amount" : -1.5e-3 , "card" : "\u00e4\"\\\n" , "at" : "2026-03-02 12:00:00.123+01:00" , "place" : { "country" : "\ud83d\ude00" } , "online" : "false" } """u8.ToArray(),
        """{"payload":{"before":null,"after":{"card":"4000-0001","at":1772452800000,"amount":12.5,"place":{"country":"DE"},"online":true},"op":"c"}}"""u8.ToArray(),
    ];

    [Fact]
    public void TryDecode_DamagedMessages_AreRecordsOrSayWhyNot()
    {
        var decoder = new JsonRecordDecoder(Spec, new JsonDecoderOptions());
        var batch = new RecordBatch(Spec, 1024);
        var outcomes = FuzzRun.Run("JSON messages", 830_000, Messages, JsonTokens, message =>
        {
            if (batch.Count == 1024)
                batch.Clear();
            var before = batch.Count;
            var isDecoded = decoder.TryDecode(message, default, batch, out var error);
            Assert.Equal(isDecoded ? before + 1 : before, batch.Count);
            return Answer(isDecoded, error);
        });

        Assert.True(outcomes["decoded"] > outcomes.Values.Sum() / 50, string.Join(", ", outcomes));
    }

    [Fact]
    public void TryAdd_DamagedMessages_AreSamplesOrSayWhyNot()
    {
        JsonSampler sampler = new(new JsonDecoderOptions());
        FuzzRun.Run("JSON samples", 50_000, Messages, JsonTokens, message =>
        {
            // What is proposed from the samples is asked for too.
            if (sampler.Count >= 50)
            {
                Assert.NotEmpty(sampler.ToColumns());
                sampler = new JsonSampler(new JsonDecoderOptions());
            }

            var before = sampler.Count;
            var isTaken = sampler.TryAdd(message, out var error);
            Assert.Equal(isTaken ? before + 1 : before, sampler.Count);
            Assert.True(isTaken || error.IsDeletion || error.Message.Length > 0);
            return isTaken ? "taken" : error.Reason;
        });
    }

    [Theory]
    [InlineData("CSV files", 60_000)]
    [InlineData("NDJSON files", 40_000)]
    [InlineData("JSON array files", 20_000)]
    public void Read_DamagedFiles_GiveRowsOrSayWhyNot(string kind, int count)
    {
        var samples = kind switch
        {
            "CSV files" => Csv,
            "NDJSON files" => [Join("\n", Messages), Join("\r\n", Messages)],
            _ => (byte[][])[[.. "["u8, .. Join(",", Messages), .. "]"u8]],
        };
        FuzzRun.Run(kind, count, samples, kind == "CSV files" ? [",", ";", "\t", "\"", "\"\"", "\n", "\r\n", "\r", "card", "amount", "place.country", "\uFEFF"] : JsonTokens, file => ReadFile(file));
    }

    private static byte[][] Csv =>
    [
        "card,at,amount,place.country,online\n4000-0001,2026-03-02T12:00:00Z,12.5,DE,true\n4000-0002,2026-03-02T12:00:01Z,-1e3,\"A\"\"B, C\",false\n"u8.ToArray(),
        "card;at;amount;place.country;online;more\r\n4000-0001;02.03.2026 12:00;12,5;DE;1;\r\n;;;;;\r\n"u8.ToArray(),
        "\uFEFFonline\tplace.country\tamount\tat\tcard\nyes\tÖsterreich\t1 234,5\t1772452800\t\"a\nb\"\n"u8.ToArray(),
    ];

    private static byte[] Join(string separator, byte[][] parts) => Encoding.UTF8.GetBytes(string.Join(separator, parts.Select(Encoding.UTF8.GetString)));

    private static string Answer(bool isDecoded, in DecodeError error)
    {
        if (isDecoded)
            return "decoded";
        if (error.IsDeletion)
            return "deletion";
        Assert.Contains(error.Reason, Reasons);
        Assert.NotEmpty(error.Message);
        return error.Reason;
    }

    private static string ReadFile(ReadOnlySpan<byte> content)
    {
        var batch = new RecordBatch(Spec, 16);
        try
        {
            var file = new RecordFile("-", standardInput: new MemoryStream(content.ToArray()));
            var rows = file.ReadAll(Spec, batch, RowErrorHandling.Report);
            Assert.All(rows, row => Assert.NotEmpty(row.Error.Message));
            return batch.Count > 0 ? "rows" : "no rows";
        }
        catch (RecordFileException refusal)
        {
            Assert.StartsWith("standard input", refusal.Message, StringComparison.Ordinal);
            return "refused";
        }
    }
}
