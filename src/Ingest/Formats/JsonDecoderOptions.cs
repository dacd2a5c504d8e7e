using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Bounds what one JSON message may cost.</summary>
public sealed class JsonDecoderOptions
{
    /// <summary>Gets the longest message that is read; longer ones are bad input ("too_large").</summary>
    /// <value>Default 1 MiB.</value>
    [Range(64, 256 * 1024 * 1024)]
    [Description("Longest message that is read, in bytes; longer ones go to the dead-letter topic.")]
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Gets the deepest nesting of objects and arrays, the record itself being 1; deeper ones are bad input ("too_deep").</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    [Description("Deepest nesting of objects and arrays; the record itself is 1.")]
    public int MaxDepth { get; init; } = 32;

    /// <summary>Gets the longest text taken for a declared field, as UTF-8; longer ones are bad input ("too_large").</summary>
    /// <value>Default 4096 bytes.</value>
    [Range(1, 16 * 1024 * 1024)]
    [Description("Longest text of a declared field, in bytes of UTF-8.")]
    public int MaxTextBytes { get; init; } = 4096;
}
