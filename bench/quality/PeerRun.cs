using System.Text.Json;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds one run of an independent detector, as peers.py wrote it.</summary>
internal sealed record PeerRun(
    string Split,
    string Set,
    string Method,
    int Seed,
    double AucPr,
    double AucRoc,
    double? SmoothAucPr,
    double? SmoothAucRoc,
    double FitSeconds,
    double RowsPerSecond,
    string Library,
    string Machine,
    string Date)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads the runs of a file; none where there is none.</summary>
    public static IReadOnlyList<PeerRun> Read(string file) => File.Exists(file) ? [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<PeerRun>(line, Format)!)] : [];
}
