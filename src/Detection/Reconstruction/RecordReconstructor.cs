using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Reconstruction;

/// <summary>Gives what a network makes of single records: their latent vector, the values it expects, and values for what is missing. Allocates; not thread-safe.</summary>
/// <remarks>
/// A missing field reaches most networks as 0, the mean of its features, which pulls what they expect of it towards the mean. Feeding the expected value back in its place, again and
/// again, takes the record to one that the network reproduces (Bengio et al., Generalized Denoising Auto-Encoders as Generative Models, 2013; Gondara and Wang, MIDA, 2018).
/// A network that hides the field itself expects the same every time. The score stays that of the record as it came.
/// </remarks>
public sealed class RecordReconstructor
{
    /// <summary>The rounds of feeding back where none are given.</summary>
    public const int DefaultRounds = 10;

    // Features have a deviation of about 1.
    private const float SmallestChange = 1e-4f;

    private readonly FeatureEncoder _encoder;
    private readonly FrozenModel _model;
    private readonly ScoringScratch _scratch;
    private readonly ScoringScratch _scratchOfWhole;
    private readonly EncodedRows _row = new();
    private readonly float[] _values;
    private readonly byte[] _missing;
    private readonly float[] _contributions;
    private readonly float[] _expected;
    private readonly float[] _latent;
    private readonly double[] _lastMoments;

    /// <summary>Creates a reconstructor.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    public RecordReconstructor(FeatureEncoder encoder, FrozenModel model)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(model);
        _encoder = encoder;
        _model = model;
        _scratch = model.CreateScratch();
        _scratchOfWhole = model.WithoutCompletion.CreateScratch();
        _values = new float[model.Window * model.Layout.Width];
        _missing = new byte[model.Window * model.Layout.BlockCount];
        _contributions = new float[model.Layout.BlockCount];
        _expected = new float[model.Layout.Width];
        _latent = new float[model.LatentWidth];
        _lastMoments = new double[encoder.Spec.Fields.Count];
        Array.Fill(_lastMoments, double.NaN);
    }

    /// <summary>Gets the latent vector of the last record, <c>[LatentWidth]</c>; of the window that ends at it where the network reads windows.</summary>
    public ReadOnlySpan<float> Latent => _latent;

    /// <summary>Encodes a record; see <see cref="Latent"/>.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row of <paramref name="batch"/>.</param>
    /// <param name="scorer">What scored the batch and kept the record's window; only for a network that reads windows.</param>
    /// <returns>The record's score.</returns>
    /// <exception cref="ArgumentException">The network reads windows and the record's was not kept.</exception>
    public float Embed(RecordBatch batch, int row, RecordScorer? scorer = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _encoder.Encode(batch, row, 1, _row);
        RecordWindow.Copy(_row, _model, row, scorer, _values, _missing);
        return Explain(_model, _scratch);
    }

    /// <summary>Writes a record as the network expects it: every field that it learned from has its expected value.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row of <paramref name="batch"/>.</param>
    /// <param name="target">Records of the same fields; receives one more.</param>
    /// <param name="scorer">As for <see cref="Embed"/>.</param>
    /// <returns>The record's score.</returns>
    /// <exception cref="ArgumentException">The network reads windows and the record's was not kept.</exception>
    public float Denoise(RecordBatch batch, int row, RecordBatch target, RecordScorer? scorer = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        var score = Embed(batch, row, scorer);
        var written = target.AppendFrom(batch, row);
        for (var block = 0; block < _model.Layout.BlockCount; block++)
            Decode(block, target, written);
        RememberMoments(batch, row);
        return score;
    }

    /// <summary>Writes a record with its missing fields filled; those that are there stay as they are, and so do those that the network learned nothing from.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row of <paramref name="batch"/>.</param>
    /// <param name="target">Records of the same fields; receives one more.</param>
    /// <param name="filled">Receives the fields that were filled, by index.</param>
    /// <param name="rounds">Times that filled values are fed back at most; 0 takes what the network expects at once.</param>
    /// <param name="scorer">As for <see cref="Embed"/>.</param>
    /// <returns>The record's score, without what was filled.</returns>
    /// <exception cref="ArgumentException">The network reads windows and the record's was not kept.</exception>
    public float Impute(RecordBatch batch, int row, RecordBatch target, ICollection<int> filled, int rounds = DefaultRounds, RecordScorer? scorer = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(filled);
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        var score = Embed(batch, row, scorer);
        var written = target.AppendFrom(batch, row);
        if (_row.Missing.Contains((byte)1))
        {
            // What is fed back takes the place of what the score was completed with.
            Explain(_model.WithoutCompletion, _scratchOfWhole);
            for (var round = 0; round < rounds && FeedBack() > SmallestChange; round++)
                Explain(_model.WithoutCompletion, _scratchOfWhole);
            for (var block = 0; block < _model.Layout.BlockCount; block++)
            {
                if (_row.Missing[block] == 0)
                    continue;
                Decode(block, target, written);
                if (!target.IsMissing(_encoder.FieldOfBlock(block), written))
                    filled.Add(_encoder.FieldOfBlock(block));
            }
        }

        RememberMoments(batch, row);
        return score;
    }

    private float Explain(FrozenModel model, ScoringScratch scratch) =>
        model.Explain(_values, _missing.Contains((byte)1) ? _missing : default, _contributions, _expected, _latent, scratch);

    // Puts the expected values of missing fields in their place; gives the largest change.
    private float FeedBack()
    {
        var last = _values.AsSpan((_model.Window - 1) * _model.Layout.Width);
        var change = 0f;
        for (var block = 0; block < _model.Layout.BlockCount; block++)
        {
            if (_row.Missing[block] == 0)
                continue;
            var features = _model.Layout.Blocks[block];
            for (var i = features.Start; i < features.End; i++)
            {
                change = Math.Max(change, Math.Abs(_expected[i] - last[i]));
                last[i] = _expected[i];
            }
        }

        return change;
    }

    // A record without a time most likely happened about when the one before it did.
    private void Decode(int block, RecordBatch target, int row)
    {
        var field = _encoder.FieldOfBlock(block);
        if (_encoder.Spec.Fields[field].Kind == FieldKind.Timestamp && target.IsMissing(field, row) && !double.IsNaN(_lastMoments[field]))
            target.SetNumber(field, row, _lastMoments[field]);
        _encoder.Decode(block, _expected, target, row);
    }

    private void RememberMoments(RecordBatch batch, int row)
    {
        for (var field = 0; field < _lastMoments.Length; field++)
        {
            if (_encoder.Spec.Fields[field].Kind == FieldKind.Timestamp && !batch.IsMissing(field, row))
                _lastMoments[field] = batch.Numbers(field)[row];
        }
    }
}
