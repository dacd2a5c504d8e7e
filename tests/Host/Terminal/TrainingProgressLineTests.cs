using AEAnomaly.Host.CommandLine;
using AEAnomaly.Models.Fitting;
using Microsoft.Extensions.Time.Testing;

namespace AEAnomaly.Host.Tests.Terminal;

/// <summary>The progress of a training stands on one line and goes when it is done.</summary>
public sealed class TrainingProgressLineTests
{
    [Fact]
    public void Report_OnATerminal_OneLineThatIsGoneAfterwards()
    {
        using var screen = new TerminalScreen(width: 100);
        var time = new FakeTimeProvider();
        var environment = new CommandEnvironment
        {
            Output = TextWriter.Null,
            Error = screen,
            OpenInput = () => Stream.Null,
            Variables = new Dictionary<string, string>(),
            ErrorTerminalSource = new(screen.Console),
            Time = time,
        };
        using (var progress = new TrainingProgressLine(environment))
        {
            progress.Report(Step(0));
            time.Advance(TimeSpan.FromSeconds(1));
            progress.Report(Step(50));

            Assert.Equal("training [############............] step 50 of at most 100, loss 0.5", Assert.Single(screen.Lines));
        }

        Assert.Empty(screen.Lines);
    }

    private static TrainingProgress Step(int step) => new("training", step, 100, 0.5, double.NaN);
}
