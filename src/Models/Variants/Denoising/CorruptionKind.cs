using System.Text.Json.Serialization;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Names how input rows are corrupted while a network learns to restore them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CorruptionKind>))]
public enum CorruptionKind
{
    /// <summary>Gaussian noise is added to every feature.</summary>
    Gaussian,

    /// <summary>Random fields are set to 0.</summary>
    Masking,

    /// <summary>Random fields are replaced by those of another row, which keeps every field's own distribution.</summary>
    Swap,
}
