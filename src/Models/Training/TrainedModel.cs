using System.Text.Json;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Holds a fitted network: its variant, its weights, and how the fit went.</summary>
public sealed class TrainedModel
{
    private readonly VariantDefinition _definition;

    internal TrainedModel(
        VariantDefinition definition, VariantOptions variant, Network network, IReadOnlyList<int> heldOutRows, TrainingReport report, ScoreSuite? scores = null)
    {
        Scores = scores;
        _definition = definition;
        Variant = variant;
        Network = network;
        HeldOutRows = heldOutRows;
        Report = report;
    }

    /// <summary>Gets the options the network was built with; widths that were derived are filled in.</summary>
    public VariantOptions Variant { get; }

    /// <summary>Gets the layout of the rows.</summary>
    public FeatureLayout Layout => Network.Layout;

    /// <summary>Gets the indices of the rows of the training set that were held out, ascending; empty for a model read from disk.</summary>
    public IReadOnlyList<int> HeldOutRows { get; }

    /// <summary>Gets the scores of the held-out rows where scores were fitted to these rows: each by scores fitted to the others, as a row gets them that nothing was fitted to.</summary>
    /// <value>Null where nothing in the score was fitted to held-out rows, or the model was read from disk: <see cref="Freeze"/> then scores them as any others.</value>
    public IReadOnlyList<float>? HeldOutScores { get; internal init; }

    /// <summary>Gets how the fit went.</summary>
    public TrainingReport Report { get; }

    internal Network Network { get; }

    internal ScoreSuite? Scores { get; }

    /// <summary>Packs the weights for scoring.</summary>
    public FrozenModel Freeze() => Scores is null ? Network.Freeze() : new FrozenScoredModel(Network.Freeze(), Scores);

    /// <summary>Writes the weights as safetensors (temporary file, flush, rename) and describes them.</summary>
    /// <param name="path">File to write.</param>
    /// <returns>The description that <see cref="Load"/> needs, with the file's SHA-256.</returns>
    /// <exception cref="ModelFileException">The file cannot be written (disk full, read-only folder); the message names it and the reason.</exception>
    public ModelDescription Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var sha256 = SafetensorsWriter.Write(path, Network.Parameters.All);
        return new ModelDescription(
            _definition.Descriptor.Name,
            JsonSerializer.SerializeToElement(Variant, Variant.GetType()),
            Layout.Blocks.ToArray(),
            sha256,
            Network.Parameters.ElementCount,
            Report);
    }

    /// <summary>Reads weights; runs no code from the file.</summary>
    /// <param name="description">Description that was stored beside the weights.</param>
    /// <param name="path">File written by <see cref="Save"/>.</param>
    /// <exception cref="ModelFileException">The file is missing, truncated, altered (SHA-256) or does not fit the description; the message names the file and the reason.</exception>
    public static TrainedModel Load(ModelDescription description, string path)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var definition = VariantCatalog.Find(description.Variant)
            ?? throw new ModelFileException(
                $"'{path}': the description names variant '{description.Variant}'; known are {string.Join(", ", VariantCatalog.All.Select(known => known.Name))}.");
        var options = ReadOptions(definition, description, path);
        var layout = ReadLayout(description, path);
        var stored = SafetensorsReader.Read(path, description.WeightsSha256);
        var parameters = new ParameterSet(new CpuDevice(), stored);
        var network = CreateNetwork(definition, options, layout, parameters, path);
        var scores = TakeScores(definition, options, network, description, path);
        stored.RequireEmpty();
        if (parameters.ElementCount != description.Parameters)
            throw new ModelFileException($"'{path}': {parameters.ElementCount} weights found; the description says {description.Parameters}.");
        return new TrainedModel(definition, options, network, [], description.Report, scores);
    }

    private static Network CreateNetwork(VariantDefinition definition, VariantOptions options, FeatureLayout layout, ParameterSet parameters, string path)
    {
        try
        {
            return definition.CreateNetwork(options, layout, parameters, [], new SeededRandom(0));
        }
        catch (ArgumentException error)
        {
            throw new ModelFileException($"'{path}': the description's options do not fit its layout: {error.Message}", error);
        }
    }

    private static VariantOptions ReadOptions(VariantDefinition definition, ModelDescription description, string path)
    {
        try
        {
            var options = description.Options.Deserialize(definition.Descriptor.OptionsType) as VariantOptions;
            if (options is not null && definition.IsResolved(options))
                return options;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Unusable(error);
        }

        throw Unusable(null);

        ModelFileException Unusable(Exception? cause) => new(
            $"'{path}': the description's options do not describe a network of variant '{description.Variant}': {description.Options}.", cause!);
    }

    private static ScoreSuite? TakeScores(VariantDefinition definition, VariantOptions options, Network network, ModelDescription description, string path)
    {
        try
        {
            return definition.TakeScores(options, network, description.Report.TrainingRows);
        }
        catch (ArgumentException error)
        {
            throw new ModelFileException($"'{path}': what the scores were fitted to is broken: {error.Message}", error);
        }
    }

    private static FeatureLayout ReadLayout(ModelDescription description, string path)
    {
        try
        {
            return new FeatureLayout(description.Blocks);
        }
        catch (ArgumentException error)
        {
            throw new ModelFileException($"'{path}': the description's layout is broken: {error.Message}", error);
        }
    }
}
