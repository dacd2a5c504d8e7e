using AEAnomaly.Host.Terminal;
using Spectre.Console;

namespace AEAnomaly.Host.Demo;

/// <summary>Shows a demo as a block that is redrawn in place.</summary>
/// <param name="console">Terminal.</param>
internal sealed class TerminalView(IAnsiConsole console) : IDemoView
{
    private const int AlertLines = 8;
    private const int BarCells = 40;

    private readonly LiveBlock _block = new(console);
    private readonly Queue<string> _alerts = new();

    public void Show(DemoFrame frame)
    {
        var clock = frame.Duration is { } duration ? $"{frame.Elapsed.TotalSeconds:F0} of {duration.TotalSeconds:F0} s" : $"{frame.Elapsed.TotalSeconds:F0} s";
        var figures = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        figures.AddRow(new Text("state"), new Text(frame.StateText, StyleOf(frame.State)));
        figures.AddRow("progress", Bar(frame.Progress ?? 1));
        figures.AddRow("records", $"{frame.Scored:N0} of {frame.Produced:N0} scored   {frame.RecordsPerSecond:N0}/s   {frame.DeadLetters:N0} dead letters");
        figures.AddRow("alerts", $"{frame.Alerts:N0}");
        _block.Show(new Rows(
        [
            new Markup($"[bold]AEAnomaly demo[/]   {Markup.Escape(clock)}   look at it: {Markup.Escape(frame.Address)}"),
            Text.Empty,
            new Padder(figures, new Padding(2, 0, 0, 0)),
            Text.Empty,
            .. _alerts.Select(alert => new Text("  " + alert) { Overflow = Overflow.Ellipsis }),
            .. Enumerable.Repeat(Text.Empty, AlertLines - _alerts.Count),
        ]));
    }

    public void Alert(DemoAlert alert)
    {
        _alerts.Enqueue(Printable.Line(alert.ToString()));
        if (_alerts.Count > AlertLines)
            _alerts.Dequeue();
    }

    public void Note(string line) => _block.Note(line);

    public void Dispose() => _block.Dispose();

    private static Style StyleOf(string state) => state switch
    {
        "scoring" => new Style(Color.Green),
        "failed" => new Style(Color.Red),
        _ => new Style(Color.Yellow),
    };

    private static string Bar(double part)
    {
        var full = (int)Math.Round(Math.Clamp(part, 0, 1) * BarCells);
        return new string('█', full) + new string('░', BarCells - full);
    }
}
