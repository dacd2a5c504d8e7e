using System.CommandLine;
using AEAnomaly.Detection.Reconstruction;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Records;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Commands;

/// <summary><c>impute</c>: writes each record of a file with its missing fields filled by a stored version.</summary>
internal static class ImputeCommand
{
    private const int MostRounds = 1000;

    public static Command Create(CommandEnvironment environment)
    {
        var options = new RecordCommandOptions(environment);
        var rounds = new Option<int>("--rounds")
        {
            Description = "Times that filled values are fed back to the network at most; 0 takes what it expects at once.",
            HelpName = "N",
            DefaultValueFactory = _ => RecordReconstructor.DefaultRounds,
        };
        rounds.AcceptRange(0, MostRounds);
        var command = new Command("impute", "Write each record with its missing fields filled, its score and what was filled; variant masked is made for it.") { rounds };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var filled = new List<int>();
            options.Open(parsed, withFeatures: true, _ => ["filled"]).Write("imputed", (reconstructor, batch, row, target, scorer) =>
            {
                filled.Clear();
                reconstructor.Impute(batch, row, target, filled, parsed.GetValue(rounds), scorer);
                return (target, lines => lines.Texts("filled", [.. filled.Select(field => batch.Spec.Fields[field].Name)]));
            }, cancellationToken);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }
}
