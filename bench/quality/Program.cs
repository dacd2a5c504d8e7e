using System.Text.Json;
using AEAnomaly.Bench.Quality;

Arguments arguments;
IReadOnlyList<Candidate> candidates;
try
{
    arguments = Arguments.Parse(args);
    candidates = Candidate.ParseAll(arguments.Variants, arguments.Suite);
    Directory.CreateDirectory(arguments.Results);
    return arguments.Suite switch
    {
        SuiteKind.Transactions => await TransactionsAsync(),
        SuiteKind.Payments => await PaymentsAsync(),
        SuiteKind.Missing => await MissingAsync(),
        _ => await CompareAsync(),
    };
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n\n{Arguments.Usage}");
    return 2;
}

async Task<int> CompareAsync()
{
    var product = new Product(arguments.Program);
    Suite suite = arguments.Suite == SuiteKind.Telemetry ? new TelemetrySuite(arguments, product) : new TabularSuite(arguments, product);
    var name = arguments.Suite == SuiteKind.Telemetry ? "telemetry" : "tabular-" + arguments.Split;
    var store = new RunStore(Path.Combine(arguments.Results, name + ".ndjson"), arguments.Sources);
    if (store.Outdated > 0)
        await Console.Error.WriteLineAsync($"{store.Outdated} results of other sources are replaced");
    var failures = await suite.MeasureAsync(candidates, store);
    var runs = store.Settle();
    var peers = PeerRun.Read(Path.Combine(arguments.Results, "peers.ndjson")).Where(run => run.Split == suite.Split).ToList();
    var table = arguments.Suite == SuiteKind.Telemetry ? Report.Telemetry(runs, peers, failures) : Report.Tabular(runs, peers, arguments.Split, failures);
    await File.WriteAllTextAsync(Path.Combine(arguments.Results, name + ".md"), table);
    Console.Write(table);
    return failures.Count == 0 ? 0 : 1;
}

async Task<int> TransactionsAsync()
{
    var suite = new TransactionSuite(arguments, new Product(arguments.Program));
    var found = new List<TransactionRun>();
    foreach (var set in PaymentSet.Find(arguments))
    {
        foreach (var partitions in (int[])[1, 6])
            found.Add(await suite.RunAsync(set, partitions));
    }

    var table = TransactionReport.Write(found, arguments.Sources);
    await File.WriteAllTextAsync(Path.Combine(arguments.Results, "transactions.md"), table);
    await File.WriteAllLinesAsync(Path.Combine(arguments.Results, "transactions.ndjson"), found.Select(r => JsonSerializer.Serialize(r)));
    Console.Write(table);
    return 0;
}

async Task<int> PaymentsAsync()
{
    if (arguments.Export is { } folder)
    {
        foreach (var set in PaymentSet.Find(arguments))
        {
            foreach (var table in PaymentTable.ReadBoth(set))
                table.Write(folder);
        }

        return 0;
    }

    var store = new RunStore(Path.Combine(arguments.Results, "payments.ndjson"), arguments.Sources);
    PaymentSuite.Measure(arguments, store);
    var text = PaymentReport.Write(store.Settle(), PeerRun.Read(Path.Combine(arguments.Results, "payments-peers.ndjson")));
    await File.WriteAllTextAsync(Path.Combine(arguments.Results, "payments.md"), text);
    Console.Write(text);
    return 0;
}

async Task<int> MissingAsync()
{
    var file = Path.Combine(arguments.Results, "missing.ndjson");
    var runs = File.Exists(file)
        ? File.ReadLines(file).Select(line => JsonSerializer.Deserialize<MissingRun>(line)!).Where(run => run.Sources == arguments.Sources).ToList()
        : [];
    await File.WriteAllLinesAsync(file, runs.Select(run => JsonSerializer.Serialize(run)));
    new MissingSuite(arguments).Measure(candidates, [.. runs], run =>
    {
        runs.Add(run);
        File.AppendAllText(file, JsonSerializer.Serialize(run) + "\n");
    });
    var table = MissingReport.Write(runs);
    await File.WriteAllTextAsync(Path.Combine(arguments.Results, "missing.md"), table);
    Console.Write(table);
    return 0;
}
