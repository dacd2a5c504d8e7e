namespace AEAnomaly.Bench.Quality;

/// <summary>Names what is measured.</summary>
internal enum SuiteKind
{
    /// <summary>Tables of unrelated records, each variant with its default options.</summary>
    Tabular,

    /// <summary>Machines watched over time, judged for each point.</summary>
    Telemetry,

    /// <summary>Card payments, replayed through Kafka to the daemon.</summary>
    Transactions,

    /// <summary>Card payments in files, with a history and without, for each score.</summary>
    Payments,

    /// <summary>Records that lack fields, for every score of every variant.</summary>
    Missing,
}
