using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Generation;

/// <summary>What a network has that defines a distribution of rows: a prior of its codes and a decoder.</summary>
internal interface IGenerative
{
    /// <summary>Gets the width of a code.</summary>
    int CodeWidth { get; }

    /// <summary>Gets whether <see cref="Decode"/> gives drawn values of the real features, and not their means.</summary>
    bool DrawsRealFeatures { get; }

    /// <summary>Draws codes from the prior, <c>[rows, CodeWidth]</c>.</summary>
    Tensor DrawPrior(int rows, SeededRandom random);

    /// <summary>Moves points to where codes can lie; null where a Gaussian says nothing of the codes.</summary>
    /// <param name="points"><c>[rows, CodeWidth]</c>.</param>
    Tensor? ToCodes(Tensor points);

    /// <summary>Draws the codes of known rows from what the encoder says of them, <c>[rows, CodeWidth]</c>, and decodes them.</summary>
    (Tensor Codes, Tensor Outputs) Encode(Batch batch, SeededRandom random);

    /// <summary>Decodes codes: real features as means or drawn, logits of the others, <c>[rows, features]</c>.</summary>
    Tensor Decode(Tensor codes, SeededRandom random);
}
