using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Knows which topics of a detector there are, and whether one is another than before: a topic that was deleted and created anew has another id. One thread.</summary>
/// <param name="client">Consumer.</param>
/// <param name="topics">What is known of each topic; outlives the client.</param>
/// <param name="time">Clock.</param>
/// <param name="say">Takes a new problem.</param>
internal sealed class TopicWatch(nint client, IReadOnlyList<WatchedTopic> topics, TimeProvider time, Action<string> say) : IDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly TopicQuery _query = new(client, topics[0].Name);
    private readonly List<TopicFound> _found = [];
    private readonly Dictionary<string, WatchedTopic> _topics = topics.ToDictionary(topic => topic.Name);

    private List<string> _problems = [];
    private long? _askedAt;

    /// <summary>Gets which topics are missing and what to do, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets whether a topic that is written is missing.</summary>
    public bool LacksOutput => topics.Any(topic => topic is { IsInput: false, Problem: not null });

    /// <summary>Gets the number of partitions that the topics have that are read, as last heard; 0 before.</summary>
    public int Partitions { get; private set; }

    /// <summary>Gets whether a topic is another than the one that the client has known.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Lists the topics of a detector, those it reads first.</summary>
    public static IReadOnlyList<WatchedTopic> Of(DetectorRoute route) =>
    [
        .. route.Topics.Select(topic => new WatchedTopic(topic, isInput: true))
            .Concat(Outbox.TopicsOf(route).Select(topic => new WatchedTopic(topic, isInput: false)))
            .DistinctBy(topic => topic.Name),
    ];

    /// <summary>Tells whether a topic was deleted and created anew since the detector was started.</summary>
    public bool WasMadeAnew(string topic) => _topics.TryGetValue(topic, out var known) && known.WasMadeAnew;

    /// <summary>Tells whether a partition has been made since the detector was started.</summary>
    public bool IsYounger(string topic, int partition) => _topics.TryGetValue(topic, out var known) && known.IsYounger(partition);

    /// <summary>Gives the id of the topic that bears a name, as last heard; null where the brokers know none.</summary>
    public string? IdOf(string topic) => _topics.GetValueOrDefault(topic)?.Id;

    /// <summary>Asks when it is time to, and takes what was answered; does not wait.</summary>
    /// <returns>True when an answer came.</returns>
    public bool Turn()
    {
        if (_query.IsBusy)
            return _query.TryComplete(0, _found, out var error) && Take(error);
        if (!_query.HasBroker)
            return Ask(AskAgain) == ErrorCode.NoError;
        if (_askedAt is not { } askedAt || time.GetElapsedTime(askedAt) >= (topics.Any(topic => topic.IsMissing) ? AskAgain : AskEvery))
            Begin(AskEvery);
        return false;
    }

    /// <summary>Asks now, and waits for the answer.</summary>
    /// <returns>Why no broker answered, or <see cref="ErrorCode.NoError"/>.</returns>
    public ErrorCode Ask(TimeSpan bound)
    {
        var ms = (int)bound.TotalMilliseconds;
        // What was asked before may have been answered before what it is asked for now.
        if (_query.IsBusy && !_query.TryComplete(ms, _found, out _))
            return ErrorCode.Local_TimedOut;
        _found.Clear();
        if (!_query.HasBroker && _query.FindBroker(bound) is not ErrorCode.NoError and var missing)
            return missing;
        Begin(bound);
        // A little longer than the client itself waits.
        if (!_query.TryComplete(ms + (int)AskAgain.TotalMilliseconds, _found, out var error))
            return ErrorCode.Local_TimedOut;
        Take(error);
        return error;
    }

    /// <summary>Notes that the consumer found a topic missing.</summary>
    public void NoteMissing(string topic)
    {
        if (_topics.TryGetValue(topic, out var known))
            known.NoteMissing(atOnce: true);
        Say();
    }

    public void Dispose() => _query.Dispose();

    private void Begin(TimeSpan bound)
    {
        _query.Begin([.. _topics.Keys], bound);
        _askedAt = time.GetTimestamp();
    }

    private bool Take(ErrorCode error)
    {
        foreach (var found in _found)
        {
            var topic = _topics[found.Name];
            if (found.Error == ErrorCode.NoError)
                HasChanged |= topic.NoteThere(found.Id, found.Partitions);
            else if (KafkaAdvice.IsUnknownTopic(found.Error))
                topic.NoteMissing(atOnce: topic.IsInput);
        }

        _found.Clear();
        Partitions = topics.Where(topic => topic.IsInput).Sum(topic => topic.Partitions);
        Say();
        return error == ErrorCode.NoError;
    }

    private void Say()
    {
        var problems = topics.Select(topic => topic.Problem).OfType<string>().ToList();
        // Each is said when it comes up, not again when another is solved.
        problems.FindAll(problem => !_problems.Contains(problem)).ForEach(say);
        _problems = problems;
        Problem = problems.Count == 0 ? null : string.Join("; ", problems);
    }
}
