using System.Text.Json;

namespace AEAnomaly.Host.Page;

/// <summary>How the page's data is written.</summary>
internal static class PageJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
