using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Holds a snapshot with the working memory of the one thread that scores with it, and of those that help it to explain; replaced whole.</summary>
internal sealed class ActiveModel
{
    public ActiveModel(ModelSnapshot snapshot, int topFeatures, KeyWindows windows)
    {
        Snapshot = snapshot;

        // One step below: a threshold that rounds up as a float would lose windows that a double finds above it.
        Scorer = new RecordScorer(snapshot.Encoder, snapshot.Model, windows) { KeepWindowsAbove = MathF.BitDecrement((float)snapshot.Threshold.Value) };
        Explainer = new BatchExplainer(snapshot.Encoder, snapshot.Model, topFeatures);
    }

    public ModelSnapshot Snapshot { get; }

    public RecordScorer Scorer { get; }

    public BatchExplainer Explainer { get; }
}
