using System.Text.Json;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Names how results are written between processes; the Python peer writes the same names.</summary>
internal static class ResultJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true };
}
