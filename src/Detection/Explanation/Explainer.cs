using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Explains single records: which field contributed what, what was found and what was expected. Meant for anomalies; allocates. Not thread-safe.</summary>
public sealed class Explainer
{
    private readonly FeatureEncoder _encoder;
    private readonly FrozenModel _model;
    private readonly int _topFeatures;
    private readonly ScoringScratch _scratch;
    private readonly EncodedRows _row = new();
    private readonly float[] _contributions;
    private readonly float[] _expected;
    private readonly float[] _latent;
    private readonly int[] _order;

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
        _contributions = new float[model.Layout.BlockCount];
        _expected = new float[model.Layout.Width];
        _latent = new float[model.LatentWidth];
        _order = new int[model.Layout.BlockCount];
    }

    /// <summary>Explains one record.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row of <paramref name="batch"/>.</param>
    public RecordExplanation Explain(RecordBatch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _encoder.Encode(batch, row, 1, _row);
        var score = _model.Explain(_row.Values, _row.AnyMissing ? _row.Missing : default, _contributions, _expected, _latent, _scratch);

        // A likelihood may give a block a negative part; only what raised the score explains it. One that overflowed outweighs the others.
        double total = 0;
        for (var block = 0; block < _order.Length; block++)
        {
            _order[block] = block;
            var contribution = _contributions[block];
            _contributions[block] = float.IsFinite(contribution) ? Math.Max(contribution, 0) : float.MaxValue;
            total += _contributions[block];
        }

        Array.Sort(_order, (a, b) => _contributions[a] != _contributions[b] ? _contributions[b].CompareTo(_contributions[a]) : a.CompareTo(b));
        var features = new List<FeatureContribution>(_topFeatures);
        var leading = new List<string>();
        var missing = new List<string>();
        double held = 0;
        foreach (var block in _order)
        {
            var share = total > 0 ? _contributions[block] / total : 0;
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

    private FeatureContribution Describe(RecordBatch batch, int row, int block, double share)
    {
        var field = _encoder.FieldOfBlock(block);
        var spec = _encoder.Spec.Fields[field];
        var missing = batch.IsMissing(field, row);
        var number = !missing && FeatureSpec.IsNumber(spec.Kind) ? batch.Numbers(field)[row] : double.NaN;
        var text = missing ? ""
            : FeatureSpec.IsNumber(spec.Kind) ? ValueText.Write(spec.Kind, number)
            : ValueText.Shorten(Encoding.UTF8.GetString(batch.Text(field, row)));
        return new FeatureContribution(spec, number, text, _encoder.Expect(block, _expected), share, _row.Unseen[block] != 0, missing);
    }
}
