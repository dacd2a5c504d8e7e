using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Scoring;

/// <summary>Encodes and scores records with one encoder and network; the only path from record to score, live, in replay and in evaluation. Not thread-safe: one for each thread.</summary>
public sealed class RecordScorer
{
    /// <summary>Creates a scorer.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    public RecordScorer(FeatureEncoder encoder, FrozenModel model) => throw new NotImplementedException();

    /// <summary>Scores every record of a batch; allocates nothing once warm.</summary>
    /// <param name="batch">Records.</param>
    /// <returns>One score a record, <c>[batch.Count]</c>, valid until the next call.</returns>
    public ReadOnlySpan<float> Score(RecordBatch batch) => throw new NotImplementedException();
}
