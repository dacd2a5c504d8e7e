namespace AEAnomaly.Host.Configuration;

/// <summary>Says where a configured value was written: a line of the file, or an environment variable.</summary>
/// <param name="File">File as the user named it.</param>
/// <param name="Line">Line from 1; 0 when unknown.</param>
/// <param name="Variable">Environment variable that set the value, or null.</param>
internal readonly record struct ConfigurationOrigin(string File, int Line, string? Variable = null)
{
    public override string ToString() =>
        Variable is not null ? $"environment variable {Variable}" : Line > 0 ? $"{File}:{Line}" : File;
}
