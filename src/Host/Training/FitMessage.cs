using System.Text.Json;
using System.Text.Json.Serialization;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Host.Training;

/// <summary>What a training process says of itself: one JSON object a line on its standard output. Exactly one property is set.</summary>
/// <param name="Progress">Where the fit stands.</param>
/// <param name="Failure">Why it gave nothing.</param>
internal sealed record FitMessage(TrainingProgress? Progress = null, FitFailure? Failure = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public string ToLine() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a line; null where it is none of ours, since a native library may write what it likes.</summary>
    public static FitMessage? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<FitMessage>(line, Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
