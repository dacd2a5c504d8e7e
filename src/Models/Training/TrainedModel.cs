using System.Text.Json;
using AEAnomaly.Models.Completion;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Definition;

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

    /// <summary>Gets what was taken over from the network this one began from; null when it began from random weights, or was read from disk.</summary>
    public WeightReuse? Reuse { get; internal init; }

    /// <summary>Gets whether new rows can be drawn from the network; see <see cref="Sample"/>.</summary>
    public bool CanSample => Network.Generator is not null;

    internal Network Network { get; }

    internal ScoreSuite? Scores { get; }

    /// <summary>Gets the rows that lend their values to rows with missing fields.</summary>
    /// <value>Null where the model was stored before there were any: missing fields then count as their mean.</value>
    internal DonorRows? Donors { get; init; }

    /// <summary>Packs the weights for scoring.</summary>
    public FrozenModel Freeze()
    {
        var whole = Scores is null ? Network.Freeze() : new FrozenScoredModel(Network.Freeze(), Scores);
        return Donors?.Over(whole) ?? whole;
    }

    /// <summary>Draws new rows: a code each, and every feature from what the decoder says of it.</summary>
    /// <param name="count">Number of rows, at least 1.</param>
    /// <param name="seed">Seed of every draw; the first rows of a seed are the same for any count.</param>
    /// <param name="codes">Where the codes come from.</param>
    /// <param name="excluded">Features of category blocks that no row may have, <c>[Layout.Width]</c>, or null; the others of a block keep their proportions.</param>
    /// <returns>Row-major <c>[count, Layout.Width]</c>: real features as drawn, 0 or 1, one feature of a category set.</returns>
    /// <exception cref="InvalidOperationException">The variant defines no distribution (<see cref="CanSample"/>).</exception>
    /// <exception cref="ArgumentException">Every feature of a block is excluded, or the flags do not fit the layout.</exception>
    public float[] Sample(int count, int seed, CodeSource codes = CodeSource.Fitted, IReadOnlyList<bool>? excluded = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var generator = Network.Generator
            ?? throw new InvalidOperationException($"Variant '{_definition.Descriptor.Name}' defines no distribution of rows; {VariantCatalog.GenerativeNames} do.");
        if (excluded is not null && excluded.Count != Layout.Width)
            throw new ArgumentException($"{excluded.Count} flags given; a row has {Layout.Width} features.", nameof(excluded));
        foreach (var block in excluded is null ? [] : Layout.Blocks)
        {
            if (block.Kind == BlockKind.Category && Enumerable.Range(block.Start, block.Width).All(feature => excluded![feature]))
                throw new ArgumentException($"Every feature of the category block at {block.Start} is excluded; one must be left to draw.", nameof(excluded));
        }

        return generator.Draw(count, new SeededRandom((ulong)seed), codes, excluded);
    }

    /// <summary>Writes the weights as safetensors (temporary file, flush, rename) and describes them.</summary>
    /// <param name="path">File to write.</param>
    /// <returns>The description that <see cref="Load"/> needs, with the file's SHA-256.</returns>
    /// <exception cref="ModelFileException">The file cannot be written (disk full, read-only folder); the message names it and the reason.</exception>
    public ModelDescription Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var sha256 = SafetensorsWriter.Write(path, Network.Parameters.Copy());
        return new ModelDescription(
            _definition.Descriptor.Name,
            JsonSerializer.SerializeToElement(Variant, Variant.GetType()),
            Layout.Blocks.ToArray(),
            sha256,
            Network.Parameters.ElementCount,
            Report,
            Donors?.Count ?? 0);
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
        var (scores, donors) = TakeFitted(definition, options, network, description, path);
        stored.RequireEmpty();
        if (parameters.ElementCount != description.Parameters)
            throw new ModelFileException($"'{path}': {parameters.ElementCount} weights found; the description says {description.Parameters}.");
        return new TrainedModel(definition, options, network, [], description.Report, scores) { Donors = donors };
    }

    /// <summary>Moves the network to the native device: whatever trained it, it is scored with, saved and sampled from there.</summary>
    internal TrainedModel ToNative()
    {
        var parameters = new ParameterSet(new CpuDevice(), Network.Parameters.Store());
        var network = _definition.CreateNetwork(Variant, Layout, parameters, [], new SeededRandom(0));
        var scores = _definition.TakeScores(Variant, network, Report.TrainingRows);
        var donors = Donors is { Count: > 0 } ? DonorRows.Take(new ScoreStore(network.Parameters), network.Layout, network.Window, Donors.Count) : Donors;
        return new TrainedModel(_definition, Variant, network, HeldOutRows, Report, scores) { Donors = donors, HeldOutScores = HeldOutScores, Reuse = Reuse };
    }

    /// <summary>Adds to a model read from disk what only the fit knows.</summary>
    internal TrainedModel WithFit(IReadOnlyList<int> heldOutRows, IReadOnlyList<float>? heldOutScores, WeightReuse? reuse) =>
        new(_definition, Variant, Network, heldOutRows, Report, Scores) { Donors = Donors, HeldOutScores = heldOutScores, Reuse = reuse };

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

    private static (ScoreSuite? Scores, DonorRows? Donors) TakeFitted(
        VariantDefinition definition, VariantOptions options, Network network, ModelDescription description, string path)
    {
        try
        {
            var scores = definition.TakeScores(options, network, description.Report.TrainingRows);
            return (scores, description.Donors == 0 ? null : DonorRows.Take(new ScoreStore(network.Parameters), network.Layout, network.Window, description.Donors));
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
