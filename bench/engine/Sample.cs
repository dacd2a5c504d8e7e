namespace AEAnomaly.Bench.Engine;

/// <summary>Holds the medians of one measurement.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Width">Vector registers used.</param>
/// <param name="FractionOfPeak">Share of the multiply-add peak of the same registers, measured in between.</param>
/// <param name="GigaflopsPerSecond">Useful floating-point operations, in thousands of millions a second.</param>
/// <param name="MicrosecondsPerCall">Processor time of one call.</param>
/// <param name="ItemsPerSecond">Rows a second.</param>
/// <param name="Peers">Comparison with libtorch, empty where there is none.</param>
internal sealed record Sample(
    string Name, string Width, double FractionOfPeak, double GigaflopsPerSecond, double MicrosecondsPerCall, double ItemsPerSecond, IReadOnlyList<PeerResult> Peers);
