using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Cases;

/// <summary>Odd input from the field, file by file: what each command must say of it. Rows name file, command, and texts that must stand in its output, after a "!" must not.</summary>
public sealed class FieldCaseTests(CaseBench bench) : IClassFixture<CaseBench>
{
    private const string Payments = "exit 0 | time timestamp | card key | amount numeric | category categorical | online boolean | items numeric";
    private const string Scored = "exit 0 | , 0 bad rows";

    public static TheoryData<string, string, string> Commands => new()
    {
        { "mcc-as-float.ndjson", "score mcc-train.ndjson.gz", "exit 0 | ! never seen" },
        { "decimal-comma.csv", "init", $"{Payments} | decimal: \",\"" },
        { "thousands.csv", "init", $"{Payments} | decimal: \".\"" },
        { "currency.csv", "init", $"{Payments} | decimal: \".\", unit: \"$\"" },
        { "parentheses.csv", "init", $"{Payments} | decimal: \".\"" },
        { "decimal-comma.csv", "configured", Scored },
        { "thousands.csv", "configured", Scored },
        { "currency.csv", "configured", Scored },
        { "parentheses.csv", "configured", Scored },
        { "missing-as-NA.csv", "init", $"{Payments} | missing: [NA] | 15 of 240 are missing: \"NA\" 15" },
        { "missing-as-null.csv", "init", $"{Payments} | missing: [\"null\"]" },
        { "missing-as-None.csv", "init", $"{Payments} | missing: [None]" },
        { "missing-as-question.csv", "init", $"{Payments} | missing: [\"?\"]" },
        { "missing-as-dash.csv", "init", $"{Payments} | missing: [\"-\"]" },
        { "missing-as-backslash-N.csv", "init", $"{Payments} | missing: [\"\\\\N\"]" },
        { "missing-as-NA.csv", "train", "exit 0" },
        { "missing-as-null.csv", "train", "exit 0" },
        { "missing-as-None.csv", "configured", Scored },
        { "missing-as-question.csv", "configured", Scored },
        { "missing-as-dash.csv", "configured", Scored },
        { "missing-as-backslash-N.csv", "configured", Scored },
        { "footer-total.csv", "init", $"{Payments} | 240 of 241 are times, the other is refused: \"Total\" 1" },
        { "footer-total.csv", "train", "exit 1 | line 242 column 'time' | found Total | --skip-bad-rows" },
        { "footer-total.csv", "train --skip-bad-rows", "exit 0 | line 242" },
        { "time-offset-after-space.csv", "configured", Scored },
        { "time-hour-without-zero.csv", "configured", Scored },
        { "time-am-pm.csv", "configured", Scored },
        { "time-utc-word.csv", "init", Payments },
        { "time-day-first.csv", "init", $"{Payments} | format: \"d/M/yyyy H:mm:ss\" | the day first" },
        { "time-basic.csv", "init", Payments },
        { "time-utc-word.csv", "configured", Scored },
        { "time-day-first.csv", "configured", Scored },
        { "time-basic.csv", "configured", Scored },
        { "index-without-name.csv", "init", $"{Payments} | column 1 has no name and is left out" },
        { "comma-at-every-end.csv", "init", $"{Payments} | column 7 has no name and is left out (it is empty)" },
        { "two-empty-columns.csv", "init", $"{Payments} | column 7 has no name | column 8 has no name" },
        { "two-empty-columns.csv", "configured", Scored },
        { "sep-line.csv", "init", Payments },
        { "utf16.csv", "init", Payments },
        { "latin1-header.csv", "init", "exit 1 | line 1, name of column 3: not valid UTF-8" },
        { "latin1-header.csv", "train", "exit 1 | line 1, name of column 3: not valid UTF-8" },
        { "latin1-cells.csv", "init", "exit 1 | line 2 column 'category': not valid UTF-8" },
        { "latin1-cells.csv", "train", "exit 1 | line 2 column 'category': not valid UTF-8" },
        { "cr-only.csv", "init", Payments },
        { "space-after-comma.csv", "init", Payments },
        { "space-before-comma.csv", "init", Payments },
        { "space-after-comma.csv", "score payments-train.csv.gz", $"{Scored} | ! never seen" },
        { "space-before-comma.csv", "score payments-train.csv.gz", $"{Scored} | ! never seen" },
        { "rows-of-commas.csv", "train", "exit 0" },
        { "semicolon-rows.csv", "train", "exit 0" },
        { "one-broken-line.ndjson", "init", "exit 1 | line 241 | --skip-bad-rows leaves such rows out" },
        { "one-broken-line.ndjson", "init --skip-bad-rows", $"{Payments} | 1 of 241 rows left out" },
        { "one-short-row.csv", "init", "exit 1 | line 242 | --skip-bad-rows leaves such rows out" },
        { "one-short-row.csv", "init --skip-bad-rows", $"{Payments} | 1 of 241 rows left out" },
        { "header-only.csv", "init", "exit 1 | has a header and no rows" },
        { "header-only.csv", "train", "exit 1 | has a header and no rows" },
        { "array.json", "init", Payments },
        { "array-pretty.json", "init", Payments },
        { "objects-pretty.json", "init", Payments },
        { "table.csv.zst", "init", Payments },
        { "book.xlsx", "init", "exit 1 | is a spreadsheet (xlsx, a ZIP archive); save it as CSV (UTF-8)." },
        { "empty-text-number.ndjson", "init", Payments },
        { "empty-text-time.ndjson", "init", Payments },
        { "empty-text-number.ndjson", "train", "exit 0" },
        { "empty-text-time.ndjson", "configured", Scored },
        { "phone.csv", "init", "exit 0 | ! phone numeric" },
        { "label-good-bad.csv", "evaluate --label label", "exit 0 | AUC" },
        { "label-healthy.csv", "evaluate --label label", "exit 0 | AUC" },
        { "label-good-bad.csv", "evaluate --label label --label-normal good --label-normal fine", "exit 0 | AUC" },
        { "label-good-bad.csv", "evaluate --label label --label-normal fine", "exit 1 | 'good' 400, 'bad' 30 | --label-normal" },
        { "label-named-fault.csv", "init", "exit 0 | fault label" },
        { "payments-only-key.ndjson", "score payments-train.csv.gz", "exit 0 | \"verdict\":\"unjudged\" | , 0 anomalies, 20 rows without any feature | ! time missing" },
        { "config-variable.yaml", "check", "exit 2 | :2: kafka.bootstrap_servers: found '${KAFKA_BROKERS}' | ${file:/path} | AEANOMALY__KAFKA__BOOTSTRAP_SERVERS" },
        { "config-broker-scheme.yaml", "check", "exit 2 | :2: kafka.bootstrap_servers: found 'kafka://localhost:9092'; expected HOST:PORT" },
        { "config-broker-port.yaml", "check", "exit 2 | :2: kafka.bootstrap_servers: found 'localhost:99999'; expected a port from 1 to 65535" },
        { "config-https.yaml", "check", "exit 2 | http.listen: found 'https://127.0.0.1:9464'; https needs a certificate" },
        { "config-https.yaml", "run", "exit 2 | http.listen: found 'https://127.0.0.1:9464'; https needs a certificate | ! UseKestrel" },
        { "config-index-path.yaml", "check", "exit 2 | path: found 'items[0].price'; paths are dotted names | lists have no positions" },
        { "config-json-path.yaml", "check", "exit 2 | path: found '$.payment.amount'; paths are dotted names" },
        { "config-merge-list.yaml", "check", "exit 0 | OK: | 2 detectors" },
        { "config-plain.yaml", "check AEANOMALY_KAFKA__BOOTSTRAP_SERVERS=x:1", "exit 0 | OK: | the prefix is AEANOMALY__ | Did you mean AEANOMALY__KAFKA__BOOTSTRAP_SERVERS?" },
    };

    public static TheoryData<string, string, string> Messages => new()
    {
        { "registry-framed.bin", "time card amount items", "schema registry's header (magic byte 0, schema id 7)" },
        { "empty-text-number.ndjson", "time card amount items", "" },
        { "empty-text-time.ndjson", "time card amount items", "" },
        { "change-events-deletes.ndjson", "after.time after.card after.amount", "a row was deleted; there is nothing to score" },
    };

    [RequiresCasesTheory]
    [MemberData(nameof(Commands))]
    public async Task Command_OnTheFile_SaysWhatIsExpected(string file, string command, string expected)
    {
        var found = await bench.RunAsync(command, file);

        bench.Table.Check(file, command, expected, found);
    }

    [RequiresCasesTheory]
    [MemberData(nameof(Messages))]
    public void Message_OnATopic_IsAnsweredAsExpected(string file, string fields, string expected)
    {
        var paths = fields.Split(' ');
        var spec = new FeatureSpec(
        [
            new FieldSpec { Name = "time", Path = paths[0], Kind = FieldKind.Timestamp },
            new FieldSpec { Name = "card", Path = paths[1], Kind = FieldKind.Key },
            .. paths[2..].Select(path => new FieldSpec { Name = path, Kind = FieldKind.Numeric }),
        ]);
        var decoder = new JsonRecordDecoder(spec, new JsonDecoderOptions());
        var batch = new RecordBatch(spec, 1);
        var bytes = File.ReadAllBytes(CaseTable.Find(file));
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in file.EndsWith(".bin", StringComparison.Ordinal) ? [bytes] : File.ReadAllLines(CaseTable.Find(file)).Select(System.Text.Encoding.UTF8.GetBytes))
            found.Add(decoder.TryDecode(message, default, batch, out var error) ? "" : error.Message);

        bench.Table.Check(file, "message", expected, string.Join(" ", found));
        Assert.Single(found);
    }

    [RequiresCasesTheory]
    [InlineData("gauges-whole.csv")]
    [InlineData("gauges-no-cpu.csv")]
    [InlineData("gauges-no-rps.csv")]
    public async Task Score_OneGaugeMissing_FlagsAboutAsSeldomAsWholeRows(string file)
    {
        const string Trained = "gauges-train.csv.gz";
        var (whole, found) = (await bench.FlaggedAsync(Trained, "gauges-whole.csv"), await bench.FlaggedAsync(Trained, file));

        bench.Table.Check(
            file, $"score {Trained}", "at most twice as often as whole rows",
            FormattableString.Invariant($"{found:P1} flagged, {(found <= 2 * Math.Max(whole, 0.01) ? "at most" : "more than")} twice as often as whole rows ({whole:P1})"));
    }

    [RequiresCasesFact]
    public async Task Score_EveryRowBad_EndsWithOne() =>
        bench.Table.Check(
            "a file of which every row is bad", "score payments-train.csv.gz", "exit 1 | none of its 2 rows can be read",
            await bench.RunAsync("score payments-train.csv.gz", bench.Write("bad.csv", "time,card,amount,category,online,items\n1,2\n3,4\n")));

    [RequiresCasesFact]
    public async Task Init_EscapeInAHeaderName_IsShownNotSent() =>
        bench.Table.Check(
            "a header name with an ESC byte", "init", "exit 0 | amo\uFFFD[31munt numeric | ! \u001b",
            await bench.RunAsync("init", bench.Write("escape.csv", "\"amo\u001b[31munt\",b\n1,2\n2,3\n4,4\n")));
}
