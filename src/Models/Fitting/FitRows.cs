using AEAnomaly.Models.Completion;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Fitting;

/// <summary>Holds what networks are fitted to.</summary>
/// <param name="Set">Rows.</param>
/// <param name="Options">How to fit.</param>
/// <param name="Training">Indices of the rows to learn from.</param>
/// <param name="HeldOut">Indices of the rows held out, ascending.</param>
/// <param name="Donors">Rows that lend their values to rows with missing fields.</param>
internal sealed record FitRows(TrainingSet Set, TrainingOptions Options, int[] Training, int[] HeldOut, DonorRows Donors);
