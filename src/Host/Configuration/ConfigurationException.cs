namespace AEAnomaly.Host.Configuration;

/// <summary>Says everything that is wrong with a configuration, at once.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
