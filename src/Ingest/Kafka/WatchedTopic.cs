namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds what is known of a topic that a detector reads or writes.</summary>
internal sealed class WatchedTopic(string name, bool isInput)
{
    private bool _wasThere;
    private int? _partitionsAtFirst;

    public string Name { get; } = name;

    public bool IsInput { get; } = isInput;

    /// <summary>The id that it had when it was seen last; null where the brokers know none.</summary>
    public string? Id { get; private set; }

    /// <summary>Whether it was deleted and created anew since the detector was started.</summary>
    public bool WasMadeAnew { get; private set; }

    /// <summary>How many partitions it had when it was seen last; 0 while it is missing.</summary>
    public int Partitions { get; private set; }

    public bool IsMissing { get; private set; }

    /// <summary>What to do about it, or null while it is there.</summary>
    public string? Problem { get; private set; }

    /// <summary>Tells whether a partition has been made since the detector was started: with its topic, which was missing, or added to it.</summary>
    public bool IsYounger(int partition) => partition >= _partitionsAtFirst;

    /// <returns>Whether it is another one than before.</returns>
    public bool NoteThere(string? id, int partitions)
    {
        var isAnother = Id is not null && id is not null && id != Id;
        WasMadeAnew |= isAnother;
        _partitionsAtFirst ??= partitions;
        Partitions = partitions;
        (Id, IsMissing, Problem, _wasThere) = (id ?? Id, false, null, true);
        return isAnother;
    }

    /// <param name="atOnce">False where the cluster may be about to create it, since the producer asked for it: then it is said the second time.</param>
    public void NoteMissing(bool atOnce)
    {
        if (atOnce || IsMissing)
            Problem = IsInput ? KafkaAdvice.ForMissingInput(Name, _wasThere) : KafkaAdvice.ForMissingOutput(Name, _wasThere);
        IsMissing = true;
        Partitions = 0;
        _partitionsAtFirst ??= 0;
    }
}
