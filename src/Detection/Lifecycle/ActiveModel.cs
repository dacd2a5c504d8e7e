using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Holds a snapshot with the working memory of the one thread that scores with it; replaced whole.</summary>
internal sealed class ActiveModel
{
    public ActiveModel(ModelSnapshot snapshot, int topFeatures)
    {
        Snapshot = snapshot;
        Scorer = new RecordScorer(snapshot.Encoder, snapshot.Model);
        Explainer = new Explainer(snapshot.Encoder, snapshot.Model, topFeatures);
    }

    public ModelSnapshot Snapshot { get; }

    public RecordScorer Scorer { get; }

    public Explainer Explainer { get; }
}
