using System.Runtime.CompilerServices;

namespace AEAnomaly.Ingest.Files;

/// <summary>Turns the rows of a file into JSON messages, at a rate, in the file's or in event-time order.</summary>
/// <remarks>
/// CSV: cells that are JSON numbers stay numbers as they are written, empty cells are absent, the rest is text. NDJSON lines go out as they are. Rows with the same
/// time keep the file's order.
/// </remarks>
public sealed class FileReplay
{
    /// <summary>Shortest wait: a timer is no finer, and at high rates messages go out in small bursts instead.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);

    private readonly RecordFile _file;
    private readonly ReplayOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Creates a replay; reads nothing yet.</summary>
    /// <param name="file">Rows to replay.</param>
    /// <param name="options">How they become messages.</param>
    /// <param name="time">Paces the rate.</param>
    /// <exception cref="ArgumentException">Sorting is asked for without a time field, or the rate is not above 0.</exception>
    public FileReplay(RecordFile file, ReplayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.SortByTime && options.TimeField is null)
            throw new ArgumentException("Event-time order needs a time field.", nameof(options));
        if (options.RecordsPerSecond is { } rate && !(rate > 0 && double.IsFinite(rate)))
            throw new ArgumentException(FormattableString.Invariant($"The rate must be above 0 messages a second, found {rate}."), nameof(options));
        _file = file;
        _options = options;
        _time = time;
    }

    /// <summary>Gives the messages, each when it is due.</summary>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="RecordFileException">The file cannot be read, or a row is bad.</exception>
    public async IAsyncEnumerable<ReplayMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = _time.GetTimestamp();
        var sent = 0L;
        foreach (var message in _options.SortByTime ? ReadSorted() : ReadRows().Select(row => row.Message))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_options.RecordsPerSecond is { } rate)
            {
                // Sorting takes its time before the first message, which must not be made up for by a burst.
                if (sent == 0)
                    start = _time.GetTimestamp();
                var wait = TimeSpan.FromSeconds(sent / rate) - _time.GetElapsedTime(start);
                if (wait >= ShortestWait)
                    await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            }

            sent++;
            yield return message;
        }
    }

    private IEnumerable<ReplayMessage> ReadSorted() => ReadRows().ToList().OrderBy(row => row.Seconds).Select(row => row.Message);

    private IEnumerable<(ReplayMessage Message, double Seconds)> ReadRows()
    {
        var stream = _file.Open();
        try
        {
            var buffer = new InputBuffer(stream, _file.Name);
            IReplayRows rows = _file.Format == RecordFileFormat.Csv
                ? new CsvReplayRows(buffer, _file.Name, _options)
                : new NdjsonReplayRows(buffer, _file.Name, _options, _file.JsonLimits);
            while (rows.TryRead(out var message, out var seconds))
                yield return (message, seconds);
        }
        finally
        {
            _file.Close(stream);
        }
    }
}
