namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the working memory of one thread for a <see cref="RowMajorModel{TScratch}"/>.</summary>
/// <param name="model">The model it is for.</param>
internal abstract class RowMajorScratch(FrozenModel model) : ScoringScratch(model);
