using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Models.Variants;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenEnsembleModel"/>.</summary>
internal sealed class EnsembleScratch : ScoringScratch
{
    public EnsembleScratch(FrozenEnsembleModel model)
        : base(model)
    {
        var (members, blocks) = (model.Members.Count, model.Layout.BlockCount);
        Members = [.. model.Members.Select(member => member.CreateScratch())];
        Surprises = new float[members * FrozenEnsembleModel.ChunkRows];
        RowSurprises = new float[members];
        RowParts = new float[members];
        Contributions = new float[members * blocks];
        Costs = new double[blocks];
        Expected = new double[model.Layout.Width];
    }

    public ScoringScratch[] Members { get; }

    /// <summary>Gets the members' surprises, <c>[members, ChunkRows]</c>.</summary>
    public float[] Surprises { get; }

    /// <summary>Gets the members' surprises at the row that is explained.</summary>
    public float[] RowSurprises { get; }

    /// <summary>Gets what of them counts.</summary>
    public float[] RowParts { get; }

    /// <summary>Gets the members' contributions, <c>[members, blocks]</c>.</summary>
    public float[] Contributions { get; }

    /// <summary>Gets the cost of each block over all members.</summary>
    public double[] Costs { get; }

    /// <summary>Gets the sum of the members' expected values.</summary>
    public double[] Expected { get; }
}
