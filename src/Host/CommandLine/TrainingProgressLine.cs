using System.Globalization;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Draws the progress of a training on one line of a terminal, and nothing elsewhere.</summary>
internal sealed class TrainingProgressLine(CommandEnvironment environment) : IProgress<TrainingProgress>, IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long _lastDrawn;
    private int _drawnWidth;

    public void Report(TrainingProgress value)
    {
        if (!environment.ErrorIsTerminal || (_lastDrawn != 0 && environment.Time.GetElapsedTime(_lastDrawn) < Interval))
            return;

        _lastDrawn = environment.Time.GetTimestamp();
        var done = value.MaxSteps == 0 ? 0 : (int)((long)BarWidth * value.Step / value.MaxSteps);
        var heldOut = double.IsNaN(value.HeldOutLoss) ? "" : string.Create(CultureInfo.InvariantCulture, $", held out {value.HeldOutLoss:G4}");
        Draw(string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Phase} [{new string('#', done)}{new string('.', BarWidth - done)}] step {value.Step} of at most {value.MaxSteps}, loss {value.TrainingLoss:G4}{heldOut}"));
    }

    public void Dispose()
    {
        if (_drawnWidth > 0)
            environment.RawError.Write('\r' + new string(' ', _drawnWidth) + '\r');
    }

    private void Draw(string line)
    {
        environment.RawError.Write('\r' + line.PadRight(_drawnWidth));
        _drawnWidth = Math.Max(_drawnWidth, line.Length);
    }
}
