using System.CommandLine;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Records;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Commands;

/// <summary><c>embed</c>: writes the latent vector of each record of a file.</summary>
internal static class EmbedCommand
{
    private const string Latent = "latent";

    public static Command Create(CommandEnvironment environment)
    {
        var options = new RecordCommandOptions(environment);
        var command = new Command("embed", "Write the latent vector of each record, to cluster, to plot or to compare records by.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var run = options.Open(parsed, withFeatures: false, model => [.. Enumerable.Range(0, model.LatentWidth).Select(i => CsvRecordLines.VectorColumn(Latent, i))]);
            run.Write("embedded", (reconstructor, batch, row, _, scorer) =>
            {
                reconstructor.Embed(batch, row, scorer);
                return (null, lines => lines.Vector(Latent, reconstructor.Latent));
            }, cancellationToken);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }
}
