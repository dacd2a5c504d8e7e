using System.Text;

namespace AEAnomaly.Host.Demo;

/// <summary>Shows a demo as a block that is redrawn in place.</summary>
internal sealed class TerminalView : IDemoView
{
    private const int AlertLines = 8;
    private const string Clear = "\u001b[K";

    private readonly TextWriter _output;
    private readonly Func<int> _width;
    private readonly Queue<string> _alerts = new();
    private int _drawn;

    /// <param name="output">Terminal.</param>
    /// <param name="width">Gives the terminal's width in columns.</param>
    public TerminalView(TextWriter output, Func<int> width)
    {
        _output = output;
        _width = width;
        _output.Write("\u001b[?25l");
    }

    public void Show(DemoFrame frame)
    {
        var width = Math.Max(40, _width() - 1);
        var clock = frame.Duration is { } duration ? $"{frame.Elapsed.TotalSeconds:F0} of {duration.TotalSeconds:F0} s" : $"{frame.Elapsed.TotalSeconds:F0} s";
        List<string> lines =
        [
            $"\u001b[1mAEAnomaly demo\u001b[0m   {clock}   metrics: {frame.MetricsAddress}",
            "",
            $"  state      {Colour(frame.State)} {frame.Reason}",
            $"  progress   {Bar(frame.Progress ?? 1)}",
            $"  records    {frame.Scored:N0} of {frame.Produced:N0} scored   {frame.RecordsPerSecond:N0}/s   {frame.DeadLetters:N0} dead letters",
            $"  alerts     {frame.Alerts:N0}",
            "",
            .. _alerts.Select(a => Cut("  " + a, width)),
            .. Enumerable.Repeat("", AlertLines - _alerts.Count),
        ];

        var text = new StringBuilder();
        if (_drawn > 0)
            text.Append("\u001b[").Append(_drawn).Append('A');
        foreach (var line in lines)
            text.Append('\r').Append(line).Append(Clear).Append('\n');
        _drawn = lines.Count;
        _output.Write(text);
        _output.Flush();
    }

    public void Alert(DemoAlert alert)
    {
        _alerts.Enqueue(alert.ToString());
        if (_alerts.Count > AlertLines)
            _alerts.Dequeue();
    }

    public void Note(string line)
    {
        // Above the block: it stays when the block is redrawn below.
        if (_drawn > 0)
            _output.Write($"\u001b[{_drawn}A");
        _output.Write($"\r{line}{Clear}\n");
        _drawn = 0;
    }

    public void Dispose()
    {
        _output.Write("\u001b[?25h");
        _output.Flush();
    }

    private static string Colour(string state) => state switch
    {
        "scoring" => $"\u001b[32m{state}\u001b[0m",
        "failed" => $"\u001b[31m{state}\u001b[0m",
        _ => $"\u001b[33m{state}\u001b[0m",
    };

    private static string Bar(double part)
    {
        const int Cells = 40;
        var full = (int)Math.Round(Math.Clamp(part, 0, 1) * Cells);
        return new string('█', full) + new string('░', Cells - full);
    }

    private static string Cut(string line, int width) => line.Length <= width ? line : line[..(width - 1)] + "…";
}
