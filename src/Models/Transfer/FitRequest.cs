using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Transfer;

/// <summary>Holds everything that decides the weights of a fit, and on how many threads to work.</summary>
/// <param name="Set">Encoded rows.</param>
/// <param name="Variant">Options of the variant.</param>
/// <param name="Options">How to fit.</param>
/// <param name="Context">Network to begin from, threads; clock and progress stay where they are.</param>
public sealed record FitRequest(TrainingSet Set, VariantOptions Variant, TrainingOptions Options, FitContext Context);
