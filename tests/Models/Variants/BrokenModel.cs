using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tests.Variants;

/// <summary>Scores rows wrongly: what an ensemble has to bear.</summary>
/// <param name="layout">Layout of a row.</param>
/// <param name="sound">A model that is right.</param>
/// <param name="kind">How it is broken.</param>
internal sealed class BrokenModel(FeatureLayout layout, FrozenModel sound, string kind) : FrozenModel
{
    public override FeatureLayout Layout => layout;

    public override int LatentWidth => 1;

    public override ScoringScratch CreateScratch() => new Scratch(this);

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        sound.Score(rows, missing, scores, sound.CreateScratch());
        for (var row = 0; row < scores.Length; row++)
        {
            // Random, but a function of the row.
            var random = new SeededRandom((ulong)BitConverter.SingleToInt32Bits(scores[row]));
            var draw = random.NextDouble();
            scores[row] = kind switch
            {
                "constant" => 4,
                "noise" => (float)draw,
                "huge now and then" => draw < 0.01 ? (draw < 0.005 ? float.PositiveInfinity : 1e30f) : (float)draw,
                "reversed" => 1 / (1 + scores[row]),
                _ => throw new ArgumentException($"There is no break '{kind}'."),
            };
        }
    }

    private protected override float ExplainRow(
        ReadOnlySpan<float> row, ReadOnlySpan<byte> missing, Span<float> contributions, Span<float> expected, Span<float> latent, ScoringScratch scratch) =>
        throw new NotSupportedException();

    private sealed class Scratch(FrozenModel model) : ScoringScratch(model);
}
