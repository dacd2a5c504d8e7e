namespace AEAnomaly.Host.Demo;

/// <summary>Shows a demo as plain lines: state changes at once, a status every five seconds, a few alerts of each second.</summary>
internal sealed class LineView(TextWriter output) : IDemoView
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(5);
    private const int AlertsBetweenFrames = 2;

    private string _state = "";
    private TimeSpan _nextStatus;
    private int _alerts;

    public void Show(DemoFrame frame)
    {
        _alerts = 0;
        if (frame.State == _state && frame.Elapsed < _nextStatus)
            return;

        _state = frame.State;
        _nextStatus = frame.Elapsed + StatusEvery;
        output.WriteLine(
            $"[{frame.Elapsed.TotalSeconds,4:F0} s] {frame.StateText}; {frame.Scored:N0} of {frame.Produced:N0} scored, {frame.RecordsPerSecond:N0}/s, {frame.Alerts:N0} alerts, {frame.DeadLetters:N0} dead letters");
    }

    public void Alert(DemoAlert alert)
    {
        if (_alerts++ < AlertsBetweenFrames)
            output.WriteLine("  " + alert);
    }

    public void Note(string line) => output.WriteLine(line);

    public void Dispose() => output.Flush();
}
