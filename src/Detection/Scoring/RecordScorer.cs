using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Scoring;

/// <summary>Encodes and scores records with one encoder and network; the only path from record to score, live, in replay and in evaluation. Not thread-safe: one for each thread.</summary>
public sealed class RecordScorer
{
    /// <summary>The score of a record whose window is not full yet: below any other, so that it is no anomaly, and no number that could be one.</summary>
    public const float WarmingScore = float.NegativeInfinity;

    /// <summary>The score of a record without any feature: below any that a record can have, so that it is no anomaly; nothing of it could be judged.</summary>
    public const float UnjudgedScore = float.MinValue;

    /// <summary>Memory for the windows of all keys where none is given: 256 MiB.</summary>
    public const long DefaultWindowBytes = 256L * 1024 * 1024;

    // Encoded rows of one chunk stay in the second-level cache between encoding and scoring.
    private const int ChunkRows = 256;

    private readonly FeatureEncoder _encoder;
    private readonly FrozenModel _model;
    private readonly ScoringScratch _scratch;
    private readonly EncodedRows _rows = new();
    private readonly KeyWindows _keys;
    private readonly WindowScorer? _windows;
    private float[] _scores = [];
    private int _count;

    /// <summary>Creates a scorer.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    /// <param name="windowBytes">Memory for the windows of all keys, above 0; used only where the network reads windows.</param>
    /// <exception cref="ArgumentException">The network takes rows of another layout.</exception>
    public RecordScorer(FeatureEncoder encoder, FrozenModel model, long windowBytes = DefaultWindowBytes)
        : this(encoder, model, new KeyWindows(windowBytes))
    {
    }

    /// <summary>Creates a scorer on windows that outlive it; one scorer at a time uses them.</summary>
    internal RecordScorer(FeatureEncoder encoder, FrozenModel model, KeyWindows windows)
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
        _keys = windows;
        _windows = model.Window > 1 ? new WindowScorer(encoder, model, _scratch, windows) : null;
    }

    /// <summary>Gets or sets the score above which the window of a record is kept until the next batch, for its explanation.</summary>
    /// <value>Default infinity: none.</value>
    public float KeepWindowsAbove { get; set; } = float.PositiveInfinity;

    /// <summary>Gets the records of the last batch whose window was not full.</summary>
    public long WarmingRecords { get; private set; }

    /// <summary>Gets the records of the last batch that had no feature at all.</summary>
    public long UnjudgedRecords { get; private set; }

    /// <summary>Gets the keys whose last records are held.</summary>
    public int Keys => _keys.Count;

    /// <summary>Gets the keys that left for others because the memory was full; their windows begin anew.</summary>
    public long EvictedKeys => _keys.Evicted;

    /// <summary>Gets the scores of the last batch.</summary>
    internal ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>Gets the missing feature values of the last batch.</summary>
    public long MissingValues { get; private set; }

    /// <summary>Gets the categories of the last batch that never occurred in training.</summary>
    public long UnseenValues { get; private set; }

    /// <summary>Tells whether a score says that the record's window is not full yet.</summary>
    /// <param name="score">Score of a record.</param>
    public static bool IsWarming(float score) => float.IsNegativeInfinity(score);

    /// <summary>Tells whether a score says that the record had no feature to judge.</summary>
    /// <param name="score">Score of a record.</param>
    public static bool IsUnjudged(float score) => score == UnjudgedScore;

    /// <summary>Tells whether a record was judged: its window was full, and it had a feature.</summary>
    /// <param name="score">Score of a record.</param>
    public static bool IsJudged(float score) => !IsWarming(score) && !IsUnjudged(score);

    /// <summary>Scores every record of a batch; allocates nothing once warm.</summary>
    /// <param name="batch">Records; where the network reads windows, those of a key follow on those of the batches before.</param>
    /// <returns>One score a record, <c>[batch.Count]</c>, valid until the next call; <see cref="WarmingScore"/> where the window is not full, <see cref="UnjudgedScore"/> where the record has no feature.</returns>
    public ReadOnlySpan<float> Score(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_scores.Length < batch.Count)
            _scores = new float[Math.Max(batch.Count, _scores.Length * 2)];

        MissingValues = 0;
        UnseenValues = 0;
        WarmingRecords = 0;
        UnjudgedRecords = 0;
        _windows?.Begin();
        _count = batch.Count;
        var scores = _scores.AsSpan(0, _count);
        for (var first = 0; first < batch.Count; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, batch.Count - first);
            _encoder.Encode(batch, first, count, _rows);
            if (_windows is not null)
                WarmingRecords += _windows.Score(batch, first, _rows, KeepWindowsAbove, scores.Slice(first, count));
            else
                _model.Score(_rows.Values, _rows.AnyMissing ? _rows.Missing : default, scores.Slice(first, count), _scratch);
            if (_rows.AnyMissing)
            {
                MissingValues += _rows.Missing.Count((byte)1);
                UnjudgedRecords += LeaveUnjudged(scores.Slice(first, count));
            }

            UnseenValues += _rows.Unseen.Count((byte)1);
        }

        return scores;
    }

    /// <summary>Adds records that were scored before, or never will be, to the windows of their keys.</summary>
    /// <param name="batch">Records; nothing happens where the network reads single records.</param>
    internal void Recall(RecordBatch batch)
    {
        if (_windows is null)
            return;
        for (var first = 0; first < batch.Count; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, batch.Count - first);
            _encoder.Encode(batch, first, count, _rows);
            _windows.Recall(batch, first, _rows);
        }
    }

    /// <summary>Finds the window that a record of the last batch completed.</summary>
    /// <param name="row">Row of the last batch.</param>
    /// <param name="values">Receives the features <c>[window, width]</c>, oldest record first, valid until the next batch.</param>
    /// <param name="missing">Receives the flags <c>[window, blocks]</c>.</param>
    /// <returns>False when it was not kept.</returns>
    internal bool TryGetWindow(int row, out ReadOnlySpan<float> values, out ReadOnlySpan<byte> missing)
    {
        values = default;
        missing = default;
        return _windows is not null && _windows.TryGet(row, out values, out missing);
    }

    private int LeaveUnjudged(Span<float> scores)
    {
        var unjudged = 0;
        for (var row = 0; row < scores.Length; row++)
        {
            if (IsWarming(scores[row]) || _rows.HasAny(row))
                continue;
            scores[row] = UnjudgedScore;
            unjudged++;
        }

        return unjudged;
    }
}
