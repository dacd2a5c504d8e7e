using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Holds the open episodes of one dedup key: mostly one, more where records of several times come mixed (a device that delivers what it had buffered, one with a wrong clock).</summary>
internal sealed class KeyEpisodes
{
    // More times than these are mixed by nothing but noise.
    private const int MostOpen = 4;

    // One record of a later time may be dated wrongly; two in a row are how the entity goes on.
    private const int PassedFor = 2;

    private readonly List<Episode> _open = new(1);

    public bool IsEmpty => _open.Count == 0;

    public void Open(Episode episode) => _open.Add(episode);

    public void Close(Episode episode) => _open.Remove(episode);

    /// <summary>Finds the place that a record has already been given; a record is known by where it lies and when it was written, since an offset comes again in a topic made anew.</summary>
    public EpisodePosition? Find(in RecordOrigin origin)
    {
        foreach (var episode in _open)
        {
            if (episode.SequenceOf(origin) is > 0 and var sequence)
                return new EpisodePosition(episode, sequence);
        }

        return null;
    }

    /// <summary>Finds the open episode that a time belongs to, the latest one where several would do.</summary>
    public Episode? At(double seconds, double gapSeconds)
    {
        Episode? found = null;
        foreach (var episode in _open)
        {
            if (seconds >= episode.FirstSeconds - gapSeconds && seconds <= episode.LastSeconds + gapSeconds && !(episode.LastSeconds < found?.LastSeconds))
                found = episode;
        }

        return found;
    }

    /// <summary>Tells whether an open episode is of a later time.</summary>
    public bool HasLater(double seconds)
    {
        foreach (var episode in _open)
        {
            if (episode.FirstSeconds > seconds)
                return true;
        }

        return false;
    }

    /// <summary>Notes that the entity has gone on to a time.</summary>
    /// <param name="current">The episode of that time.</param>
    /// <param name="seconds">The time.</param>
    /// <param name="gapSeconds">Pause after which an episode is over.</param>
    public void Pass(Episode current, double seconds, double gapSeconds)
    {
        foreach (var episode in _open)
        {
            if (episode == current)
                episode.PassedBy = 0;
            // What was late from the beginning is passed by all that is on time.
            else if (!episode.IsLate && seconds > episode.LastSeconds + gapSeconds)
                episode.PassedBy++;
        }
    }

    /// <summary>Finds an episode that is over: the entity has gone on, or more are open than can be meant.</summary>
    public Episode? FindOver(Episode current)
    {
        Episode? quietest = null;
        foreach (var episode in _open)
        {
            if (episode.PassedBy >= PassedFor)
                return episode;
            if (episode != current && !(episode.ArrivedAt >= quietest?.ArrivedAt))
                quietest = episode;
        }

        return _open.Count > MostOpen ? quietest : null;
    }
}
