using System.CommandLine;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Options that several commands share, so that they read and work the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<string> Config() => new("--config", "-c") { Description = "Configuration file (YAML).", HelpName = "FILE" };

    public static Option<string> OutputFormat()
    {
        var output = new Option<string>("--output", "-o") { Description = "text for people, json (one object on one line) for programs.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return output;
    }

    public static AEAnomalyOptions LoadConfiguration(this CommandEnvironment environment, string file)
    {
        using var input = file == "-" ? new StreamReader(environment.OpenInput()) : null;
        return ConfigurationLoader.Load(file, environment.Variables, input);
    }
}
