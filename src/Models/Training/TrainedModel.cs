using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Holds a fitted network: its variant, its weights, and how the fit went.</summary>
public sealed class TrainedModel
{
    /// <summary>Gets the options the network was built with; widths that were derived are filled in.</summary>
    public VariantOptions Variant => throw new NotImplementedException();

    /// <summary>Gets the layout of the rows.</summary>
    public FeatureLayout Layout => throw new NotImplementedException();

    /// <summary>Gets the indices of the rows of the training set that were held out, ascending; empty for a model read from disk.</summary>
    public IReadOnlyList<int> HeldOutRows => throw new NotImplementedException();

    /// <summary>Gets how the fit went.</summary>
    public TrainingReport Report => throw new NotImplementedException();

    /// <summary>Packs the weights for scoring.</summary>
    public FrozenModel Freeze() => throw new NotImplementedException();

    /// <summary>Writes the weights as safetensors (temporary file, flush, rename) and describes them.</summary>
    /// <param name="path">File to write.</param>
    /// <returns>The description that <see cref="Load"/> needs, with the file's SHA-256.</returns>
    public ModelDescription Save(string path) => throw new NotImplementedException();

    /// <summary>Reads weights; runs no code from the file.</summary>
    /// <param name="description">Description that was stored beside the weights.</param>
    /// <param name="path">File written by <see cref="Save"/>.</param>
    /// <exception cref="ModelFileException">The file is missing, truncated, altered (SHA-256) or does not fit the description; the message names the file and the reason.</exception>
    public static TrainedModel Load(ModelDescription description, string path) => throw new NotImplementedException();
}
