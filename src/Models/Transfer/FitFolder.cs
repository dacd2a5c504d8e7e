using System.Text.Json;
using System.Text.Json.Serialization;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Transfer;

/// <summary>Hands a fit to another process and its outcome back, as files in a folder of their own.</summary>
/// <remarks>
/// Both processes run the same program on the same machine, so arrays are written as they lie in memory. What comes back is read as carefully as a stored model:
/// the process that wrote it may have been ended at any moment.
/// </remarks>
/// <param name="path">An existing folder, empty at first, that belongs to this fit alone.</param>
public sealed class FitFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private string RequestPath => Path.Combine(path, "request.json");

    private string ValuesPath => Path.Combine(path, "values");

    private string MissingPath => Path.Combine(path, "missing");

    private string FirstRecordsPath => Path.Combine(path, "first_records");

    private string InitialPath => Path.Combine(path, "initial.safetensors");

    private string OutcomePath => Path.Combine(path, "outcome.json");

    private string WeightsPath => Path.Combine(path, "weights.safetensors");

    /// <summary>Writes what is to be fitted.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Write(FitRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var set = request.Set;
        ArrayFile.Write<float>(ValuesPath, set.Values.AsSpan(0, set.Records * set.Layout.Width));
        if (set.Missing is { } missing)
            ArrayFile.Write<byte>(MissingPath, missing.AsSpan(0, set.Records * set.Layout.BlockCount));
        if (set.Window > 1)
            ArrayFile.Write<int>(FirstRecordsPath, Enumerable.Range(0, set.Rows).Select(set.FirstRecord).ToArray());

        InitialFile? initial = null;
        if (request.Context.Initial is { } weights)
            initial = new InitialFile(weights.Model.Save(InitialPath), weights.Features.ToArray(), weights.Blocks.ToArray());
        var file = new RequestFile(
            VariantCatalog.Describe(request.Variant).Name,
            JsonSerializer.SerializeToElement(request.Variant, request.Variant.GetType()),
            request.Options,
            set.Layout.Blocks.ToArray(),
            set.Layout.Fields,
            set.Records,
            set.Window,
            request.Context.Threads,
            initial);
        File.WriteAllBytes(RequestPath, JsonSerializer.SerializeToUtf8Bytes(file, Json));
    }

    /// <summary>Reads what is to be fitted.</summary>
    /// <param name="time">Clock for the report.</param>
    /// <param name="progress">Receives progress, or null.</param>
    /// <exception cref="InvalidDataException">The folder does not hold a request whole.</exception>
    public FitRequest ReadRequest(TimeProvider time, IProgress<TrainingProgress>? progress)
    {
        var file = Parse<RequestFile>(RequestPath);
        var descriptor = VariantCatalog.Find(file.Variant)?.Descriptor ?? throw new InvalidDataException($"{RequestPath}: there is no variant '{file.Variant}'.");
        var variant = (VariantOptions?)file.VariantOptions.Deserialize(descriptor.OptionsType) ?? throw new InvalidDataException($"{RequestPath}: the variant's options are null.");
        var layout = new FeatureLayout(file.Blocks, file.Fields);
        var values = ArrayFile.Read<float>(ValuesPath);
        var missing = File.Exists(MissingPath) ? ArrayFile.Read<byte>(MissingPath) : null;
        var set = file.Window > 1
            ? new TrainingSet(layout, values, file.Records, missing, file.Window, ArrayFile.Read<int>(FirstRecordsPath))
            : new TrainingSet(layout, values, file.Records, missing);
        var initial = file.Initial is { } from ? new InitialWeights(TrainedModel.Load(from.Description, InitialPath), from.Features, from.Blocks) : null;
        return new FitRequest(set, variant, file.Options, new FitContext(time, progress, initial, file.Threads));
    }

    /// <summary>Writes what came of it.</summary>
    /// <exception cref="ModelFileException">The weights cannot be written.</exception>
    public void Write(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var file = new OutcomeFile(model.Save(WeightsPath), [.. model.HeldOutRows], model.HeldOutScores is { } scores ? [.. scores] : null, model.Reuse);
        // Renamed into place last: whoever finds it finds everything.
        var unfinished = OutcomePath + ".part";
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(file, Json));
        File.Move(unfinished, OutcomePath);
    }

    /// <summary>Reads what came of it.</summary>
    /// <exception cref="InvalidDataException">The folder does not hold an outcome whole.</exception>
    /// <exception cref="ModelFileException">The weights are missing or damaged.</exception>
    public TrainedModel ReadOutcome()
    {
        var file = Parse<OutcomeFile>(OutcomePath);
        return TrainedModel.Load(file.Description, WeightsPath).WithFit(file.HeldOutRows, file.HeldOutScores, file.Reuse);
    }

    private static T Parse<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), Json) ?? throw new InvalidDataException($"{file}: null.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    private sealed record RequestFile(
        string Variant,
        JsonElement VariantOptions,
        TrainingOptions Options,
        FeatureBlock[] Blocks,
        IReadOnlyList<string>? Fields,
        int Records,
        int Window,
        int Threads,
        InitialFile? Initial);

    private sealed record InitialFile(ModelDescription Description, int[] Features, int[] Blocks);

    private sealed record OutcomeFile(ModelDescription Description, int[] HeldOutRows, float[]? HeldOutScores, WeightReuse? Reuse);
}
