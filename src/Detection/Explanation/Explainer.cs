using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Explains single records: which field contributed what, what was found and what was expected. Meant for anomalies; allocates. Not thread-safe.</summary>
/// <remarks>
/// A field's share is the part of the score that disappears when the field is left out as if missing, the record then being judged by the most usual values for it, over the sum of these parts (occlusion; Zeiler and Fergus
/// 2014). The error of a field's own reconstruction is a poor witness: an extreme amount drives the code of the whole record, and the errors it causes in
/// other fields can exceed its own. For the same reason the expected value is what the network gives when it does not see the field.
/// A network that reads windows is asked with the field left out of every record for the share, and out of the last record alone for the expected value.
/// Where leaving out any field lowers nothing, the errors themselves are the shares.
/// Leaving out every field costs the square of their number. Of more than <see cref="MostLeftOut"/> fields only the so many with the largest errors are left out, one
/// by one; the others share nothing. An extreme value raises the errors of other fields too, but seldom those of so many above its own.
/// </remarks>
public sealed class Explainer
{
    /// <summary>Fields that are left out of a record in turn, at most.</summary>
    public const int MostLeftOut = 128;

    private readonly FeatureEncoder _encoder;
    private readonly FrozenModel _model;
    private readonly int _topFeatures;
    private readonly ScoringScratch _scratch;
    private readonly FrozenModel _whole;
    private readonly ScoringScratch _wholeScratch;
    private readonly EncodedRows _row = new();
    private readonly float[] _contributions;
    private readonly float[] _expected;
    private readonly float[] _latent;
    private readonly int[] _order;
    private readonly float[] _values;
    private readonly byte[] _missing;
    private readonly int[] _leftOut;
    private readonly float[] _scoresWithout;
    private readonly float[] _judged;
    private readonly byte[] _judgedMissing;
    private readonly float[] _withoutLast;
    private readonly byte[] _withoutLastMissing;
    private readonly float[] _shares;
    private double _total;

    /// <summary>Creates an explainer.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    /// <param name="topFeatures">Fields named at most, at least 1.</param>
    public Explainer(FeatureEncoder encoder, FrozenModel model, int topFeatures)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(topFeatures, 1);
        _encoder = encoder;
        _model = model;
        _topFeatures = topFeatures;
        _scratch = model.CreateScratch();
        _whole = model.WithoutCompletion;
        _wholeScratch = _whole.CreateScratch();
        _contributions = new float[model.Layout.BlockCount];
        _expected = new float[model.Layout.Width];
        _latent = new float[model.LatentWidth];
        var blocks = model.Layout.BlockCount;
        _order = new int[blocks];
        _shares = new float[blocks];
        _values = new float[model.Window * model.Layout.Width];
        _missing = new byte[model.Window * blocks];
        _leftOut = [.. Enumerable.Range(0, Math.Min(blocks, MostLeftOut))];
        _scoresWithout = new float[_leftOut.Length];
        _judged = new float[_leftOut.Length * _values.Length];
        _judgedMissing = new byte[_leftOut.Length * _missing.Length];
        _withoutLast = new float[_values.Length];
        _withoutLastMissing = new byte[_missing.Length];
    }

    private ReadOnlySpan<byte> Flags => _missing.Contains((byte)1) ? _missing : default;

    /// <summary>Gets the bytes of the largest part of an explainer's memory: the record, or its window, once for each field that is left out.</summary>
    internal static long BytesFor(FrozenModel model) => (long)Math.Min(model.Layout.BlockCount, MostLeftOut) * model.Window * model.Layout.Width * sizeof(float);

    /// <summary>Explains one record.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row of <paramref name="batch"/>.</param>
    /// <param name="scorer">What scored the batch and kept the record's window; only for a network that reads windows.</param>
    /// <exception cref="ArgumentException">The network reads windows and the record's was not kept.</exception>
    public RecordExplanation Explain(RecordBatch batch, int row, RecordScorer? scorer = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _encoder.Encode(batch, row, 1, _row);
        RecordWindow.Copy(_row, _model, row, scorer, _values, _missing);
        Span<float> scores = stackalloc float[1];
        _model.Score(_values, Flags, scores, _scratch);
        var score = scores[0];
        var total = _total = Attribute(score);
        for (var block = 0; block < _order.Length; block++)
            _order[block] = block;
        Array.Sort(_order, (a, b) => _shares[a] != _shares[b] ? _shares[b].CompareTo(_shares[a]) : a.CompareTo(b));
        var features = new List<FeatureContribution>(_topFeatures);
        var leading = new List<string>();
        var missing = new List<string>();
        double held = 0;
        foreach (var block in _order)
        {
            var share = total > 0 ? _shares[block] / total : 0;
            if (share > 0 && held < 0.5)
                leading.Add(_encoder.Spec.Fields[_encoder.FieldOfBlock(block)].Name);
            held += share;
            if (share > 0 && features.Count < _topFeatures)
                features.Add(Describe(batch, row, block, share));
        }

        for (var block = 0; block < _order.Length; block++)
        {
            if (_row.Missing[block] == 0)
                continue;
            missing.Add(_encoder.Spec.Fields[_encoder.FieldOfBlock(block)].Name);
            if (features.Count < _topFeatures)
                features.Add(Describe(batch, row, block, 0));
        }

        leading.Sort(StringComparer.Ordinal);
        return new RecordExplanation(score, features, leading, missing, Sentences.Write(features));
    }

    /// <summary>Gets every field that has a share in the record explained last, the largest first, and then those it misses, with share 0.</summary>
    /// <returns>Names and shares; valid until the next record is explained.</returns>
    public IEnumerable<(string Field, double Share)> Shares()
    {
        foreach (var block in _order.Where(block => _shares[block] > 0))
            yield return (_encoder.Spec.Fields[_encoder.FieldOfBlock(block)].Name, _shares[block] / _total);
        for (var block = 0; block < _order.Length; block++)
        {
            if (_row.Missing[block] != 0)
                yield return (_encoder.Spec.Fields[_encoder.FieldOfBlock(block)].Name, 0);
        }
    }

    // Fills the shares, not normalised; gives their sum.
    private double Attribute(float score)
    {
        var isPart = _shares.Length > MostLeftOut;
        if (isPart)
            ChooseLargestErrors();
        _model.ScoreWithout(_values, _missing, _leftOut, _scoresWithout, _judged, _judgedMissing, _scratch);
        Array.Clear(_shares);
        var total = 0.0;
        for (var i = 0; i < _leftOut.Length; i++)
        {
            var block = _leftOut[i];
            total += _shares[block] = Finite(score) - Finite(_scoresWithout[i]) is > 0 and var drop && _row.Missing[block] == 0 ? drop : 0;
        }

        if (total > 0)
            return total;

        // A likelihood may give a block a negative part; only what raised the score explains it.
        if (!isPart)
            _model.Explain(_values, Flags, _contributions, _expected, _latent, _scratch);
        for (var block = 0; block < _shares.Length; block++)
            total += _shares[block] = Math.Max(Finite(_contributions[block]), 0);
        return total;
    }

    private void ChooseLargestErrors()
    {
        _model.Explain(_values, Flags, _contributions, _expected, _latent, _scratch);
        for (var block = 0; block < _order.Length; block++)
            _order[block] = block;
        Array.Sort(_order, (a, b) => _contributions[a] != _contributions[b] ? Finite(_contributions[b]).CompareTo(Finite(_contributions[a])) : a.CompareTo(b));
        _order.AsSpan(0, _leftOut.Length).CopyTo(_leftOut);
        Array.Sort(_leftOut);
    }

    // Fills what the network expects where it does not see a field of the last record.
    private void Expect(int block)
    {
        if (_model.Window == 1 && Array.IndexOf(_leftOut, block) is >= 0 and var place)
        {
            // The row that the field's share is from.
            var flags = _judgedMissing.AsSpan(place * _missing.Length, _missing.Length);
            _whole.Explain(_judged.AsSpan(place * _values.Length, _values.Length), flags.Contains((byte)1) ? flags : default, default, _expected, _latent, _wholeScratch);
            return;
        }

        _values.CopyTo(_withoutLast);
        _missing.CopyTo(_withoutLastMissing);
        _model.Layout.LeaveOut(block, _withoutLast.AsSpan(^_row.Width..), _withoutLastMissing.AsSpan(^_row.Blocks..));
        _model.Explain(_withoutLast, _withoutLastMissing, default, _expected, _latent, _scratch);
    }

    // A squared error can overflow; it then outweighs the others.
    private static float Finite(float value) => float.IsFinite(value) ? value : float.MaxValue;

    private FeatureContribution Describe(RecordBatch batch, int row, int block, double share)
    {
        var field = _encoder.FieldOfBlock(block);
        var spec = _encoder.Spec.Fields[field];
        var missing = batch.IsMissing(field, row);
        var number = !missing && FeatureSpec.IsNumber(spec.Kind) ? batch.Numbers(field)[row] : double.NaN;
        var text = missing ? ""
            : FeatureSpec.IsNumber(spec.Kind) ? ValueText.Write(spec.Kind, number)
            : ValueText.Shorten(Encoding.UTF8.GetString(batch.Text(field, row)));

        Expect(block);
        var contribution = new FeatureContribution(spec, number, text, _encoder.Expect(block, _expected), share, _row.Unseen[block] != 0, missing);
        return spec.History is { } history ? HistoryWords.Complete(contribution, batch, row, field, history) : contribution;
    }
}
