using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Reconstruction;

/// <summary>Draws new normal records from a generative network and writes them in the fields' own terms.</summary>
/// <remarks>
/// Numbers lie in the range of training, whole where all were whole; categories are those of training (a field of open vocabulary takes the frequent ones, which alone are known); moments lie between the first
/// and the last of training. No value is missing, except in fields that nothing was learned from (names that hardly repeat, fields that were always missing), keys and labels.
/// </remarks>
public sealed class RecordGenerator
{
    private readonly FeatureEncoder _encoder;
    private readonly TrainedModel _model;

    /// <summary>Creates a generator.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    /// <exception cref="ArgumentException">The network takes rows of another layout, or its variant defines no distribution.</exception>
    public RecordGenerator(FeatureEncoder encoder, TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(model);
        if (!encoder.Layout.Blocks.SequenceEqual(model.Layout.Blocks))
            throw new ArgumentException($"The encoder gives {encoder.Layout.Width} features in {encoder.Layout.BlockCount} blocks; the network takes {model.Layout.Width} in {model.Layout.BlockCount}.", nameof(model));
        if (!model.CanSample)
            throw new ArgumentException("The network's variant defines no distribution of rows.", nameof(model));
        _encoder = encoder;
        _model = model;
    }

    /// <summary>Draws records.</summary>
    /// <param name="count">Number of records, at least 1.</param>
    /// <param name="seed">Seed of every draw; the first records of a seed are the same for any count.</param>
    /// <param name="codes">Where the codes come from.</param>
    /// <returns>Records of the encoder's fields.</returns>
    public RecordBatch Draw(int count, int seed, CodeSource codes = CodeSource.Fitted)
    {
        var rows = _model.Sample(count, seed, codes, _encoder.FeaturesWithoutValue());
        var random = new Random(seed);
        var records = new RecordBatch(_encoder.Spec, count);
        var width = _encoder.Layout.Width;
        for (var i = 0; i < count; i++)
            _encoder.Draw(rows.AsSpan(i * width, width), random, records, records.Append(new RecordOrigin("sample", 0, i, -1)));
        return records;
    }
}
