using System.CommandLine;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Registry;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Commands;

/// <summary><c>resume</c>: tells the running daemon to go on with a detector that stopped because of too many dead letters.</summary>
internal static class ResumeCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var folder = new ModelFolder(environment);
        var detector = new Argument<string>("DETECTOR") { Description = "Detector." };
        var command = new Command("resume", "Tell the running daemon to go on with a detector that stopped because of too many dead letters.") { detector, folder.Config, folder.Url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(detector)!;
            environment.Output.WriteLine($"{name}: {await folder.AskAsync(parsed, name, "resume", cancellationToken)}");
            return ExitCodes.Fine;
        });
        return command;
    }
}
