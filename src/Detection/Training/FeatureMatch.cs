using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Training;

/// <summary>Finds which features of a new encoder a stored model knows: those of the same field, encoded in the same way.</summary>
/// <remarks>
/// A category matches the same category, a standardised number one that was standardised too, each by the moments of its own records: half a deviation above the mean means the same in both.
/// </remarks>
internal static class FeatureMatch
{
    /// <summary>Matches features and blocks.</summary>
    /// <exception cref="ArgumentException">The stored encoder is damaged.</exception>
    public static InitialWeights Of(FeatureEncoder encoder, StoredModel model)
    {
        var known = EncoderDescriptionReader.ReadFields(model.Manifest.Encoder).Where(field => field.Transform.Width > 0).ToArray();
        var features = new Dictionary<(string Field, string Feature), int>();
        foreach (var field in known)
        {
            foreach (var feature in field.Transform.FeatureNames)
                features.Add((field.Name, feature), features.Count);
        }

        return new InitialWeights(
            model.Model,
            [.. encoder.Blocks.SelectMany(block => block.Transform.FeatureNames.Select(feature => features.GetValueOrDefault((block.Name, feature), -1)))],
            [.. encoder.Blocks.Select(block => Array.FindIndex(known, field => field.Name == block.Name && field.Transform.GetType() == block.Transform.GetType()))]);
    }
}
