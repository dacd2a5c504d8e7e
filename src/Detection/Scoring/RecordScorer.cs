using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Scoring;

/// <summary>Encodes and scores records with one encoder and network; the only path from record to score, live, in replay and in evaluation. Not thread-safe: one for each thread.</summary>
public sealed class RecordScorer
{
    // Encoded rows of one chunk stay in the second-level cache between encoding and scoring.
    private const int ChunkRows = 256;

    private readonly FeatureEncoder _encoder;
    private readonly FrozenModel _model;
    private readonly ScoringScratch _scratch;
    private readonly EncodedRows _rows = new();
    private float[] _scores = [];

    /// <summary>Creates a scorer.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    /// <exception cref="ArgumentException">The network takes rows of another layout.</exception>
    public RecordScorer(FeatureEncoder encoder, FrozenModel model)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(model);
        if (!encoder.Layout.Blocks.SequenceEqual(model.Layout.Blocks))
        {
            throw new ArgumentException(
                $"The encoder gives {encoder.Layout.Width} features in {encoder.Layout.BlockCount} blocks; the network takes {model.Layout.Width} in {model.Layout.BlockCount}.",
                nameof(model));
        }

        _encoder = encoder;
        _model = model;
        _scratch = model.CreateScratch();
    }

    /// <summary>Gets the missing feature values of the last batch.</summary>
    public long MissingValues { get; private set; }

    /// <summary>Gets the categories of the last batch that never occurred in training.</summary>
    public long UnseenValues { get; private set; }

    /// <summary>Scores every record of a batch; allocates nothing once warm.</summary>
    /// <param name="batch">Records.</param>
    /// <returns>One score a record, <c>[batch.Count]</c>, valid until the next call.</returns>
    public ReadOnlySpan<float> Score(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_scores.Length < batch.Count)
            _scores = new float[Math.Max(batch.Count, _scores.Length * 2)];

        MissingValues = 0;
        UnseenValues = 0;
        var scores = _scores.AsSpan(0, batch.Count);
        for (var first = 0; first < batch.Count; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, batch.Count - first);
            _encoder.Encode(batch, first, count, _rows);
            _model.Score(_rows.Values, _rows.AnyMissing ? _rows.Missing : default, scores.Slice(first, count), _scratch);
            if (_rows.AnyMissing)
                MissingValues += _rows.Missing.Count((byte)1);
            UnseenValues += _rows.Unseen.Count((byte)1);
        }

        return scores;
    }
}
