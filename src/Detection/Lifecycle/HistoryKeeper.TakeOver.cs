using AEAnomaly.Detection.History;

namespace AEAnomaly.Detection.Lifecycle;

/// <content>Which file of a partition is used, and why others are not.</content>
internal sealed partial class HistoryKeeper
{
    /// <summary>Takes over the newest file of a partition that stands for no later offset than the first one to process.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="partition">Partition.</param>
    /// <param name="topicId">Id of the topic; null where the brokers tell none.</param>
    /// <param name="first">Offset of the first record to process.</param>
    /// <returns>The offset that the file stands for, or null when there is none that can be used.</returns>
    public long? TakeOver(string topic, int partition, string? topicId, long first)
    {
        Settle();
        var files = new KeptFiles { Committed = first };
        _files[(topic, partition)] = files;
        try
        {
            _folder.DeleteUnfinished(topic, partition);
            foreach (var offset in _folder.Find(topic, partition).OrderDescending())
            {
                if (offset > first)
                    _folder.Delete(topic, partition, offset);
                else if (files.Newest >= 0)
                    files.Add(offset);
                else if (TryTakeOver(topic, partition, topicId, offset))
                    files.Add(offset);
                else
                    files.Useless.Add(offset);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Refuse(_folder.PathOf(topic, partition, first), exception);
        }

        return files.Newest < 0 ? null : files.Newest;
    }

    private bool TryTakeOver(string topic, int partition, string? topicId, long offset)
    {
        var path = _folder.PathOf(topic, partition, offset);
        try
        {
            using var file = HistoryFileReader.Open(path, _history.StateBytes);
            if (Difference(file.Header, topic, partition, topicId, offset) is { } difference)
                throw new InvalidDataException(difference);
            _history.Restore(file);
            _context.Metrics.HistoryFile(_context.Tag, DetectionMetrics.FileTaken);
            DetectorLog.HistoryTaken(_context.Logger, _context.Name, path, file.Count);
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // What was taken over of it before it failed.
            _history.Forget(new HashSet<(string, int)> { (topic, partition) });
            Refuse(path, exception);
            return false;
        }
    }

    private string? Difference(HistoryHeader header, string topic, int partition, string? topicId, long offset) =>
        header.Fingerprint != _history.Fingerprint ? "it was written for another declaration of fields or history"
        : (header.Topic, header.Partition, header.Offset) != (topic, partition, offset) ? $"it stands for offset {header.Offset} of {header.Topic}/{header.Partition}; was it renamed?"
        : header.TopicId != topicId ? $"it was written for another topic of this name (id {header.TopicId ?? "unknown"}, now {topicId ?? "unknown"}), which was deleted and created anew"
        : null;

    private void Refuse(string path, Exception reason)
    {
        _context.Metrics.HistoryFile(_context.Tag, DetectionMetrics.FileRefused);
        DetectorLog.HistoryRefused(_context.Logger, _context.Name, path, reason.Message);
    }
}
