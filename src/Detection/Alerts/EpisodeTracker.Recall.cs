using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

// What was published before this process read the partition: it goes on with the episodes that are open, and gives a record that comes again the place it had. Otherwise
// the alert of such a record would have the id that it had and another body, and whoever drops known ids would never hear of the episode that it opened.
internal sealed partial class EpisodeTracker
{
    private readonly Dictionary<RecordOrigin, EpisodePosition> _published = [];
    private readonly Dictionary<string, Episode> _recalled = new(StringComparer.Ordinal);
    private long _recalledAt;

    /// <summary>Takes an alert published before; the older ones come first.</summary>
    public void Recall(PublishedAlert alert)
    {
        _recalledAt = _time.GetTimestamp();
        var episode = _recalled.GetValueOrDefault(alert.EpisodeId);
        if (alert.Member is not { } member)
        {
            if (episode?.ByArrival.List is not null)
                Remove(episode);
            return;
        }

        // One that came again tells nothing new, nor does one that this process itself published.
        if (_published.ContainsKey(member.Origin) || _keys.GetValueOrDefault(alert.Subject.DedupKey)?.Find(member.Origin) is not null)
            return;
        if (episode is null)
        {
            _recalled.Add(alert.EpisodeId, episode = new Episode(alert, member));
            if (!_keys.TryGetValue(alert.Subject.DedupKey, out var key))
                _keys.Add(alert.Subject.DedupKey, key = new KeyEpisodes());
            key.Open(episode);
            JoinOrder(episode);
        }
        else if (episode.ByArrival.List is not null)
        {
            LeaveOrder(episode);
            episode.Add(member);
            JoinOrder(episode);
        }

        _published.Add(member.Origin, new EpisodePosition(episode, alert.Sequence));
    }

    /// <summary>Forgets the episodes that went on in partitions that another process reads from now on: it goes on with them, and ends them.</summary>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        foreach (var episode in _byArrival.Where(episode => partitions.Contains((episode.LastOrigin.Topic, episode.LastOrigin.Partition))).ToList())
        {
            Remove(episode);
            _recalled.Remove(episode.Id);
        }

        foreach (var origin in _published.Keys.Where(origin => partitions.Contains((origin.Topic, origin.Partition))).ToList())
            _published.Remove(origin);
    }

    // What comes again, comes soon after the partition does.
    private void ForgetPublished()
    {
        if (_published.Count == 0 || _time.GetElapsedTime(_recalledAt) <= _gap)
            return;
        _published.Clear();
        _recalled.Clear();
    }
}
