namespace AEAnomaly.Detection.Features;

/// <summary>Reads what a column's name says: its words, whether written as card_id, cardId, CARD-ID or payer.card.id.</summary>
internal sealed class FieldName
{
    private static readonly HashSet<string> LabelWords =
        ["label", "class", "target", "fraud", "fraudulent", "anomaly", "anomalous", "outlier", "attack", "intrusion", "malicious", "groundtruth"];

    // Words that may stand beside a label word without changing what it says: is_fraud, tx_fraud, anomaly_flag, attack_cat.
    private static readonly HashSet<string> LabelFillers = ["is", "tx", "transaction", "flag", "label", "cat", "category", "type", "ground", "truth"];

    private static readonly HashSet<string> EntityWords =
    [
        "card", "account", "acct", "customer", "user", "device", "client", "member", "subscriber", "holder", "cardholder", "payer", "wallet",
        "iban", "pan", "msisdn", "phone", "telephone", "mobile", "imei", "imsi", "ip", "host", "hostname", "machine", "sensor", "server", "instance", "pod", "terminal", "vehicle",
    ];

    // What says that something went wrong. As the last word of a name it is a label where two values, one of them rare, bear it out; elsewhere it may as well be a measure.
    private static readonly HashSet<string> FaultWords =
    [
        "fault", "faulty", "failure", "defect", "defective", "broken", "breakdown", "abnormal", "chargeback", "spam", "malware", "phishing", "scam", "incident", "fraud", "fraudulent",
        "anomaly", "anomalous", "outlier", "attack", "intrusion", "malicious", "suspicious",
    ];

    // Weaker words, which features are called by too.
    private static readonly HashSet<string> DoubtfulWords =
        ["error", "failed", "fail", "alarm", "alert", "bad", "invalid", "wrong", "outcome", "result", "y", "target", "churn", "default", "stolen", "blocked", "rejected", "declined", "risk", "event"];

    // What is counted or measured per entity is not the entity: logins_per_user, days_since_card.
    private static readonly HashSet<string> MeasureWords = ["per", "count", "age", "days", "since", "sum", "mean", "avg", "max", "min"];

    private static readonly HashSet<string> IdentifierEnds = ["id", "ids", "uuid", "guid", "key", "hash", "number", "num", "no", "nr", "token", "address"];

    private static readonly HashSet<string> TimeWords =
        ["time", "timestamp", "ts", "date", "datetime", "day", "at", "when", "created", "updated", "occurred", "unixtime", "epoch", "moment"];

    private static readonly HashSet<string> EntityDateWords =
        ["dob", "birth", "birthday", "birthdate", "born", "expiry", "expires", "expiration", "opened", "registered", "joined", "issued"];

    private static readonly HashSet<string> CodeWords =
    [
        "code", "zip", "zipcode", "postcode", "postal", "plz", "mcc", "sic", "naics", "category", "type", "status", "state", "country", "region",
        "port", "protocol", "channel", "currency", "version",
    ];

    private static readonly HashSet<string> LatitudeWords = ["lat", "latitude"];

    private static readonly HashSet<string> LongitudeWords = ["lon", "long", "lng", "longitude"];

    private static readonly HashSet<string> YesNoWords = ["is", "has", "was", "are", "can", "flag", "bool", "enabled", "present", "allowed"];

    private readonly string[] _words;

    public FieldName(string path) => _words = [.. Words(path)];

    /// <summary>Gets whether the column says which records are anomalies.</summary>
    public bool IsLabel
    {
        get
        {
            var rest = _words.Where(word => !LabelFillers.Contains(word)).ToArray();
            return rest.Length switch
            {
                0 => _words.Contains("label") || (_words.Contains("ground") && _words.Contains("truth")),
                1 => LabelWords.Contains(rest[0]),
                _ => false,
            };
        }
    }

    /// <summary>Gets whether the name ends with a word for what went wrong: machine_failure, isFault, fault_flag.</summary>
    public bool IsFaultFlag => LastWord is { } word && FaultWords.Contains(word) && !_words.Any(MeasureWords.Contains);

    /// <summary>Gets whether the name may be that of a label.</summary>
    public bool MayBeLabel => LastWord is { } word && (DoubtfulWords.Contains(word) || _words.Any(FaultWords.Contains));

    private string? LastWord => _words.LastOrDefault(word => !LabelFillers.Contains(word));

    /// <summary>Gets whether the name ends as names of identifiers do: tx_id, card_number.</summary>
    public bool IsIdentifier => _words.Length > 0 && IdentifierEnds.Contains(_words[^1]) && (_words.Length > 1 || _words[^1] is "id" or "uuid" or "guid" or "key");

    /// <summary>Gets whether the name is that of somebody or something with a history: customer_id, card, device_key.</summary>
    public bool IsEntity =>
        _words.Length > 0 && !_words.Any(MeasureWords.Contains) &&
        (EntityWords.Contains(_words[^1]) || (IsIdentifier && _words[..^1].Any(EntityWords.Contains)));

    public bool IsTime => _words.Any(TimeWords.Contains);

    /// <summary>Gets whether the name is that of a date in the life of an entity (birth, expiry), which says nothing about when a record happened.</summary>
    public bool IsDateAboutEntity => _words.Any(EntityDateWords.Contains);

    public bool IsCode => _words.Length > 0 && (CodeWords.Contains(_words[^1]) || _words.Contains("code"));

    public bool IsLatitude => _words.Any(LatitudeWords.Contains);

    public bool IsLongitude => _words.Any(LongitudeWords.Contains);

    public bool IsCoordinate => IsLatitude || IsLongitude;

    public bool IsYesNo => _words.Length > 0 && (YesNoWords.Contains(_words[0]) || YesNoWords.Contains(_words[^1]));

    private static List<string> Words(string path)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= path.Length; i++)
        {
            var ends = i == path.Length || !char.IsLetterOrDigit(path[i]);
            var humps = !ends && i > start && char.IsUpper(path[i]) && char.IsLower(path[i - 1]);
            if (!ends && !humps)
                continue;
            if (i > start)
                words.Add(path[start..i].ToLowerInvariant());
            start = ends ? i + 1 : i;
        }

        return words;
    }
}
