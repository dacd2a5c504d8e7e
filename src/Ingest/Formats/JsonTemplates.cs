using AEAnomaly.Detection.Records;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Keeps the shapes that messages had lately, so that a topic with a few kinds of messages is read fast too.</summary>
internal sealed class JsonTemplates
{
    private const int MaxTemplates = 4;
    private const int MaxLearningInterval = 1024;
    private const int HitsForTrust = 1024;
    private const int PatientMisses = 32;
    private const int ScanEvery = 16;

    private readonly JsonTemplate[] _templates = new JsonTemplate[MaxTemplates];
    private readonly JsonTemplateScanner _scanner;
    private readonly JsonPathTable _paths;
    private int _count;
    private int _last;
    private int _victim;
    private int _misses;
    private int _hits;
    private int _missesSinceLearning;
    private int _learningInterval = 1;

    public JsonTemplates(FeatureSpec spec, JsonDecoderOptions limits, JsonObjectReader reader)
    {
        _scanner = new JsonTemplateScanner(spec, limits, reader);
        _paths = reader.Paths;
    }

    /// <summary>Reads a message of a known shape as a new record; adds nothing otherwise.</summary>
    /// <param name="payload">Valid UTF-8.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="batch">Receives the record.</param>
    public bool TryRead(ReadOnlySpan<byte> payload, in RecordOrigin origin, RecordBatch batch)
    {
        // Where hardly any two messages have one shape, trying each in vain would only cost.
        if (_count == 0 || (_misses > PatientMisses && _misses % ScanEvery != 0))
        {
            _misses++;
            return false;
        }

        _scanner.Load(payload);
        for (var i = 0; i < _count; i++)
        {
            var candidate = (_last + i) % _count;
            var row = batch.Append(in origin);
            if (_scanner.TryScan(_templates[candidate], batch, row))
            {
                _last = candidate;
                _misses = 0;
                if (++_hits % HitsForTrust == 0)
                    _learningInterval = Math.Max(1, _learningInterval / 2);
                return true;
            }

            batch.RemoveLast();
        }

        _misses++;
        return false;
    }

    /// <summary>Learns the shape of a message that <see cref="TryRead"/> did not know and that is good; seldom, where learning has not helped.</summary>
    /// <param name="payload">The message.</param>
    public void Learn(ReadOnlySpan<byte> payload)
    {
        if (++_missesSinceLearning < _learningInterval)
            return;

        _missesSinceLearning = 0;
        _learningInterval = Math.Min(_learningInterval * 2, MaxLearningInterval);
        if (JsonTemplate.Learn(payload, _paths) is not { } template || IsKnown(template))
            return;

        _last = _count < MaxTemplates ? _count++ : _victim;
        _templates[_last] = template;
        _victim = (_last + 1) % MaxTemplates;
    }

    /// <summary>Tells whether a shape is known already: a message may also miss for a value, say a text with an escape.</summary>
    private bool IsKnown(JsonTemplate template)
    {
        foreach (var known in _templates.AsSpan(0, _count))
        {
            if (known.FixedBytes.AsSpan().SequenceEqual(template.FixedBytes) && known.Slots.AsSpan().SequenceEqual(template.Slots))
                return true;
        }

        return false;
    }
}
