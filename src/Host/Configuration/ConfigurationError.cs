namespace AEAnomaly.Host.Configuration;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Origin">Where the value was written.</param>
/// <param name="Path">Key path ("detectors[0].training.min_records"), or empty for the file as a whole.</param>
/// <param name="Message">The value found and what is allowed.</param>
internal sealed record ConfigurationError(ConfigurationOrigin Origin, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? $"{Origin}: {Message}" : $"{Origin}: {Path}: {Message}";
}
