namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the working memory one thread needs to score with one <see cref="FrozenModel"/>; created by the model, never shared by two threads at a time.</summary>
public abstract class ScoringScratch
{
    private protected ScoringScratch(FrozenModel model) => Model = model;

    /// <summary>Gets the model the memory was made for.</summary>
    internal FrozenModel Model { get; }

    /// <summary>Gets room for the contributions of a row that nobody asked for, made when first needed.</summary>
    internal float[] UnwantedContributions => field ??= new float[Model.Layout.BlockCount];
}
