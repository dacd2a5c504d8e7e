using System.Diagnostics.Metrics;

namespace AEAnomaly.Host.Exposition;

/// <summary>Measures what concerns the whole process; instruments are listed in docs/metrics.md.</summary>
internal sealed class HostMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "AEAnomaly.Host";

    private volatile int _refused;
    private volatile int _unreadable;
    private volatile int _restart;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Creates the meter "AEAnomaly.Host".</param>
    public HostMetrics(IMeterFactory factory) => factory.Create(MeterName).CreateObservableGauge(
        "aeanomaly.secret_files.unused", ObserveUnusedFiles, "{file}", "Files of secrets, certificates and keys that changed and are not used, by reason: refused, unreadable, restart.");

    /// <summary>Notes how many files that the configuration names hold something else than what is in use.</summary>
    /// <param name="refused">No client can be made with them.</param>
    /// <param name="unreadable">They are gone, empty, or no text.</param>
    /// <param name="restart">They are read at start only.</param>
    public void UnusedFiles(int refused, int unreadable, int restart) => (_refused, _unreadable, _restart) = (refused, unreadable, restart);

    private IEnumerable<Measurement<int>> ObserveUnusedFiles() =>
        [new(_refused, Reason("refused")), new(_unreadable, Reason("unreadable")), new(_restart, Reason("restart"))];

    private static KeyValuePair<string, object?> Reason(string name) => new("reason", name);
}
