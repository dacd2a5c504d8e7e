using System.Globalization;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds a set of card payments, in the order of time, and where it is cut: what came before is trained on, frauds left in, the rest is judged.</summary>
internal sealed class PaymentSet
{
    public const string Label = "fraud";

    /// <summary>The column that the records' time stands in, seconds since 1970-01-01 UTC.</summary>
    public const string Clock = "unix_time";

    // Says which kind of fraud a record is part of: the answer, not a feature.
    private const string Answer = "scenario";
    private const double TrainingShare = 0.75;

    // Sets that are cut at a time rather than after three quarters of their records, Unix seconds.
    private static readonly Dictionary<string, long> TrainingEnds = new() { ["sparkov2"] = 1_698_796_800 };
    private static readonly Dictionary<string, string> KeyOf = new() { ["sparkov2"] = "card_id", ["fdh"] = "customer_id" };

    private readonly List<string> _lines;
    private readonly int _label;

    private PaymentSet(string file)
    {
        (File, Name) = (file, Path.GetFileName(file)[..^".csv.gz".Length]);
        var family = Name.Split('_')[0];
        Key = KeyOf.TryGetValue(family, out var key) ? key : throw new InvalidOperationException($"{file}: nothing says which column is the key; expected a set of {string.Join(" or ", KeyOf.Keys)}.");
        _lines = [.. GzipLines.Read(file)];
        Header = _lines[0].Split(',');
        _label = Column(Label);
        TrainingRows = TrainingEnds.TryGetValue(family, out var end)
            ? _lines.FindIndex(1, line => double.Parse(line.Split(',')[Column(Clock)], CultureInfo.InvariantCulture) >= end) - 1
            : (int)(Rows * TrainingShare);
    }

    public string File { get; }

    public string Name { get; }

    /// <summary>Gets the column whose values are the keys.</summary>
    public string Key { get; }

    public IReadOnlyList<string> Header { get; }

    /// <summary>Gets the columns that give the answer away.</summary>
    public IEnumerable<string> Answers => Header.Where(column => column == Answer);

    public int Rows => _lines.Count - 1;

    public int TrainingRows { get; }

    public int Frauds => Enumerable.Range(TrainingRows, Rows - TrainingRows).Count(IsFraud);

    /// <summary>Finds the sets of a folder of data.</summary>
    public static IEnumerable<PaymentSet> Find(Arguments arguments) =>
        Directory.GetFiles(Path.Combine(arguments.Data, "transactions"), "*.csv.gz").Order(StringComparer.Ordinal)
            .Where(file => arguments.Sets.Count == 0 || arguments.Sets.Contains(Path.GetFileName(file)[..^".csv.gz".Length])).Select(file => new PaymentSet(file));

    /// <summary>Gets a row, counted from 0, as it stands in the file.</summary>
    public string Line(int row) => _lines[row + 1];

    public bool IsFraud(int row) => Line(row).Split(',')[_label] == "1";

    /// <summary>Writes the two parts, and which rows are trained on as <c>evaluate --split</c> reads it.</summary>
    public (string First, string Second, string Mask) Write(string folder)
    {
        var (first, second, mask) = (Path.Combine(folder, "first.csv"), Path.Combine(folder, "second.csv"), Path.Combine(folder, "mask.txt"));
        System.IO.File.WriteAllLines(first, _lines.Take(TrainingRows + 1));
        System.IO.File.WriteAllLines(second, [_lines[0], .. _lines.Skip(TrainingRows + 1)]);
        System.IO.File.WriteAllLines(mask, Enumerable.Range(0, Rows).Select(row => row < TrainingRows ? "1" : "0"));
        return (first, second, mask);
    }

    private int Column(string name) => Array.IndexOf([.. Header], name) is >= 0 and var column ? column : throw new InvalidOperationException($"{File} has no column '{name}'.");
}
