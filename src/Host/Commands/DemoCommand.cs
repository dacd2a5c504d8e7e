using System.CommandLine;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Demo;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Commands;

/// <summary>Shows the daemon at work: <c>aeanomaly demo</c>.</summary>
internal static class DemoCommand
{
    // Below this the first training leaves nothing to score.
    private const int MinSeconds = 10;

    public static Command Create(CommandEnvironment environment)
    {
        var seconds = new Option<int>("--seconds") { Description = "How long the stream goes on.", HelpName = "N", DefaultValueFactory = _ => 30 };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < MinSeconds)
                result.AddError($"--seconds is {result.GetValueOrDefault<int>()}; at least {MinSeconds} are needed to train and to score.");
        });
        var keep = new Option<bool>("--keep") { Description = "Go on until Ctrl+C." };
        var bootstrap = new Option<string>("--bootstrap") { Description = "Run on this Kafka instead of the embedded cluster; topics aeanomaly-demo-* are created.", HelpName = "HOST:PORT" };
        bootstrap.AcceptBrokers();
        var rate = new Option<int>("--rate") { Description = "Payments a second.", HelpName = "N", DefaultValueFactory = _ => 2000 };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 100)
                result.AddError($"--rate is {result.GetValueOrDefault<int>()}; at least 100.");
        });
        var seed = new Option<int>("--seed") { Description = "Seed of the generated world.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var output = CommonOptions.OutputFormat();
        var command = new Command("demo", "Run the daemon on a generated payment stream with labelled fraud, and sum up what it found.")
        {
            seconds, keep, bootstrap, rate, seed, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new DemoOptions(
                TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(keep), parsed.GetValue(bootstrap), parsed.GetValue(rate), parsed.GetValue(seed), parsed.GetValue(output) == "json");
            DemoSummary summary;
            try
            {
                summary = await new DemoRun(options, DemoView.Create(options, environment), environment.Time).RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await environment.Error.WriteLineAsync("Stopped before the first payment.").ConfigureAwait(false);
                return ExitCodes.Fine;
            }

            await environment.Output.WriteLineAsync(options.Json ? DemoSummaryText.Json(summary) : DemoSummaryText.Write(summary)).ConfigureAwait(false);
            return summary.Complete ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
    }
}
