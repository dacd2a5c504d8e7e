using System.CommandLine;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Records;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Commands;

/// <summary><c>denoise</c>: writes each record of a file with the values that a stored version expects of it.</summary>
internal static class DenoiseCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var options = new RecordCommandOptions(environment);
        var command = new Command("denoise", "Write each record with the values that were expected of it, and its score.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            options.Open(parsed, withFeatures: true, _ => []).Write("denoised", (reconstructor, batch, row, target, scorer) =>
            {
                reconstructor.Denoise(batch, row, target, scorer);
                return (target, _ => { });
            }, cancellationToken);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }
}
