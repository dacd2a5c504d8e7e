using System.CommandLine;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Daemon;

namespace AEAnomaly.Host.Commands;

/// <summary>Runs the daemon: <c>aeanomaly run</c>.</summary>
internal static class RunCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var config = CommonOptions.Config();
        config.Required = true;
        var command = new Command("run", "Run the daemon: score the topics of a configuration until SIGTERM.") { config };
        command.SetAction((parsed, cancellationToken) =>
            DaemonHost.RunAsync(environment.LoadConfiguration(parsed.GetRequiredValue(config), DaemonRules.RequireBrokers), environment.Error, cancellationToken));
        return command;
    }
}
