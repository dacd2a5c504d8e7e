using AEAnomaly.Detection.Evaluation;
using AEAnomaly.Detection.Training;

namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Holds what an evaluation measured.</summary>
internal sealed record EvaluationResult
{
    public required string Source { get; init; }

    public required string Variant { get; init; }

    public required int Seed { get; init; }

    /// <summary>Gets which rows were trained on and tested, in words.</summary>
    public required string Split { get; init; }

    public required int Rows { get; init; }

    public required int Anomalies { get; init; }

    /// <summary>Gets the fields that are features.</summary>
    public required int Features { get; init; }

    /// <summary>Gets the inputs of the network.</summary>
    public required int Inputs { get; init; }

    public required int TrainingRows { get; init; }

    public required int TestRows { get; init; }

    public required int TestAnomalies { get; init; }

    public required DetectionQuality Quality { get; init; }

    public required TrainedDetector Trained { get; init; }

    /// <summary>Gets the time to fit encoder, network and threshold.</summary>
    public required TimeSpan FitTime { get; init; }

    /// <summary>Gets the rows encoded and scored a second by one thread.</summary>
    public required double ScoreRowsPerSecond { get; init; }

    /// <summary>Gets the test rows without a score, because the window of their key was not full; they are not among the tested.</summary>
    public required int WarmingRows { get; init; }

    /// <summary>Gets the test rows without a score, because they have no feature; they are not among the tested.</summary>
    public required int UnjudgedRows { get; init; }

    /// <summary>Gets which records of the test the scores belong to, ascending.</summary>
    public required int[] Judged { get; init; }

    /// <summary>Gets the score of each test row.</summary>
    public required float[] Scores { get; init; }

    /// <summary>Gets the label of each test row.</summary>
    public required bool[] Labels { get; init; }

    /// <summary>Gets the share of normal test rows that are flagged.</summary>
    public double FalsePositiveRate => TestRows == TestAnomalies ? 0 : (double)Quality.FalsePositives / (TestRows - TestAnomalies);
}
