using System.CommandLine;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Options that several commands share, so that they read and work the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<string> Config() => new("--config", "-c") { Description = "Configuration file (YAML).", HelpName = "FILE" };

    public static AEAnomalyOptions LoadConfiguration(this CommandEnvironment environment, string file)
    {
        using var input = file == "-" ? new StreamReader(environment.OpenInput()) : null;
        return ConfigurationLoader.Load(file, environment.Variables, input);
    }
}
