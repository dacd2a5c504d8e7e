using System.Text.Json;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Models.Training;

/// <summary>Describes a weights file; stored as JSON in the manifest of a model version.</summary>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Options">The variant's options, derived widths filled in.</param>
/// <param name="Blocks">Layout of a row.</param>
/// <param name="WeightsSha256">SHA-256 of the weights file, lower-case hexadecimal.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="Report">How the fit went.</param>
/// <param name="Donors">Training rows in the file that lend their values to rows with missing fields; 0 where the model was stored before there were any.</param>
public sealed record ModelDescription(
    string Variant,
    JsonElement Options,
    IReadOnlyList<FeatureBlock> Blocks,
    string WeightsSha256,
    long Parameters,
    TrainingReport Report,
    int Donors = 0);
