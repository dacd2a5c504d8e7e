using System.Globalization;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Models.Fitting;
using Spectre.Console;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Draws the progress of a training on one line of a terminal, and nothing elsewhere.</summary>
internal sealed class TrainingProgressLine(CommandEnvironment environment) : IProgress<TrainingProgress>, IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private LiveBlock? _block;
    private long _lastDrawn;

    public void Report(TrainingProgress value)
    {
        if (environment.ErrorTerminal is not { } terminal || (_block is not null && environment.Time.GetElapsedTime(_lastDrawn) < Interval))
            return;

        _lastDrawn = environment.Time.GetTimestamp();
        var done = value.MaxSteps == 0 ? 0 : (int)((long)BarWidth * value.Step / value.MaxSteps);
        var heldOut = double.IsNaN(value.HeldOutLoss) ? "" : string.Create(CultureInfo.InvariantCulture, $", held out {value.HeldOutLoss:G4}");
        _block ??= new LiveBlock(terminal);
        _block.Show(new Text(string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Phase} [{new string('#', done)}{new string('.', BarWidth - done)}] step {value.Step} of at most {value.MaxSteps}, loss {value.TrainingLoss:G4}{heldOut}"))
        { Overflow = Overflow.Ellipsis });
    }

    public void Dispose() => _block?.Dispose();
}
