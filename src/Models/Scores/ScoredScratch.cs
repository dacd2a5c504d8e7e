using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Models.Scores;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenScoredModel"/>; what no score reads has no memory.</summary>
internal sealed class ScoredScratch : ScoringScratch
{
    /// <param name="model">The model it is for.</param>
    /// <param name="inner">The model below.</param>
    /// <param name="suite">The scores.</param>
    /// <param name="residualFloats">Working memory of the errors.</param>
    public ScoredScratch(FrozenScoredModel model, FrozenModel inner, ScoreSuite suite, int residualFloats)
        : base(model)
    {
        const int rows = FrozenScoredModel.ChunkRows;
        Base = inner.CreateScratch();
        Scores = Buffer(ScoreNeeds.Own, rows);
        Outputs = Buffer(ScoreNeeds.Outputs | ScoreNeeds.Residuals, rows * inner.Layout.Width);
        Residuals = Buffer(ScoreNeeds.Residuals, rows * inner.Layout.Width);
        Latent = Buffer(ScoreNeeds.Latent, rows * inner.LatentWidth);
        Work = new float[Math.Max(suite.WorkFloats(rows), residualFloats)];

        float[] Buffer(ScoreNeeds needs, int floats) => (suite.Needs & needs) != 0 ? new float[floats] : [];
    }

    public ScoringScratch Base { get; }

    public float[] Scores { get; }

    public float[] Outputs { get; }

    public float[] Residuals { get; }

    public float[] Latent { get; }

    public float[] Work { get; }
}
