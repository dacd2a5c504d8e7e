using AEAnomaly.Host.Demo;

namespace AEAnomaly.Host.Tests.Terminal;

/// <summary>What a person sees of a demo on a terminal.</summary>
public sealed class TerminalViewTests
{
    [Fact]
    public void Show_FrameAfterFrame_StandsOnceWithItsNotesAboveIt()
    {
        using var screen = new TerminalScreen(width: 100);
        using var view = new TerminalView(screen.Console);

        view.Note("Streaming payments");
        view.Show(Frame("warming", "waiting for 2,000 records, 40 so far", 0.02));
        view.Alert(new DemoAlert("card-1", 3.5, "critical", "amount is 900, usually 20"));
        view.Show(Frame("scoring", "scoring with version v1", null));
        view.Note("The stream has ended");

        Assert.Equal(
            [
                "Streaming payments",
                "The stream has ended",
                "AEAnomaly demo   5 of 60 s   look at it: http://127.0.0.1:9464/metrics",
                "",
                "  state     scoring with version v1",
                "  progress  ████████████████████████████████████████",
                "  records   1,200 of 1,300 scored   500/s   2 dead letters",
                "  alerts    7",
                "",
                "  critical    3.5x  card-1  amount is 900, usually 20",
            ],
            screen.Lines);
    }

    [Fact]
    public void Dispose_AfterFrames_OnlyNotesStayAndWhatFollowsStandsBelowThem()
    {
        using var screen = new TerminalScreen(width: 100);
        var view = new TerminalView(screen.Console);
        view.Note("Streaming payments");
        view.Show(Frame("scoring", "scoring with version v1", null));

        view.Dispose();
        screen.Write("precision 92 %\n575 read back\n");

        Assert.Equal(["Streaming payments", "precision 92 %", "575 read back"], screen.Lines);
    }

    [Fact]
    public void Show_TextThatIsMarkupOrMovesTheCursor_IsShownAsText()
    {
        using var screen = new TerminalScreen(width: 100);
        using var view = new TerminalView(screen.Console);

        view.Note("[red]topic\u001b[2J[/]");
        view.Alert(new DemoAlert("card[1]", 3.5, "low", "a\rb"));
        view.Show(Frame("failed", "the first training failed: [x]", null));

        Assert.Equal("[red]topic\uFFFD[2J[/]", screen.Lines[0]);
        Assert.Contains("  state     failed: the first training failed: [x]", screen.Lines);
        Assert.Equal("  low         3.5x  card[1]  a\uFFFDb", screen.Lines[^1]);
    }

    [Fact]
    public void Note_LongerThanALine_NothingOfTheBlockShowsBehindIt()
    {
        using var screen = new TerminalScreen(width: 60);
        using var view = new TerminalView(screen.Console);
        view.Show(Frame("scoring", "scoring with version v1", null));
        var block = screen.Lines;

        view.Note("0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 end");

        Assert.Equal(["0123456789 0123456789 0123456789 0123456789 0123456789", "0123456789 end", .. block], screen.Lines);
    }

    [Fact]
    public void Show_LongAlert_IsCutAtTheEdge()
    {
        using var screen = new TerminalScreen(width: 60);
        using var view = new TerminalView(screen.Console);

        view.Alert(new DemoAlert("card-1", 3.5, "low", new string('x', 200)));
        view.Show(Frame("scoring", "scoring with version v1", null));

        Assert.All(screen.Lines, line => Assert.InRange(line.Length, 0, 60));
        Assert.EndsWith("x…", screen.Lines[^1], StringComparison.Ordinal);
    }

    private static DemoFrame Frame(string state, string reason, double? progress) => new(
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), state, reason, progress, Produced: 1_300, Scored: 1_200, RecordsPerSecond: 500, Alerts: 7, DeadLetters: 2,
        "http://127.0.0.1:9464/metrics");
}
