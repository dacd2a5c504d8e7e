using System.Buffers;
using AEAnomaly.Detection.History;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Keeps what is remembered of partitions in files, so that it outlives the process, or goes with a partition to another one. Used by the thread that feeds the detector.</summary>
/// <remarks>
/// A file stands for an offset: it is what the records before it left. It serves whoever goes on at that offset or later, and reads what lies between. So the file before is
/// deleted only once the offset of the newer one is committed: after a crash the group may go on before that.
/// </remarks>
internal sealed partial class HistoryKeeper : IAsyncDisposable
{
    // Copied after each batch, and with each tick: below a millisecond, and some.
    private const int BytesOfSlice = 1 << 20;
    private const int BytesOfTick = 1 << 24;

    // A member of a group that takes longer holds up all others.
    private static readonly TimeSpan HandOverBound = TimeSpan.FromSeconds(10);

    private readonly DetectorContext _context;
    private readonly KeyHistory _history;
    private readonly HistoryFolder _folder;
    private readonly Dictionary<(string Topic, int Partition), KeptFiles> _files = [];
    private HistorySave? _save;
    private long _savedAt;

    /// <summary>Creates a keeper; touches no file yet.</summary>
    /// <param name="context">Detector.</param>
    /// <param name="history">What is remembered.</param>
    /// <param name="folder">Folder of the detector's files.</param>
    public HistoryKeeper(DetectorContext context, KeyHistory history, string folder)
    {
        (_context, _history, _folder) = (context, history, new HistoryFolder(folder));
        _savedAt = context.Time.GetTimestamp();
    }

    /// <summary>Gets whether something is being copied or written.</summary>
    internal bool IsSaving => _save is not null;

    /// <summary>Notes how far a partition is committed; the files before the newest one up to there are not needed any more.</summary>
    public void Committed(string topic, int partition, long offset)
    {
        if (!_files.TryGetValue((topic, partition), out var files))
            return;
        files.Committed = offset;
        Clean(topic, partition, files);
    }

    /// <summary>Goes on with what is being written, or begins when it is time to; called between batches.</summary>
    /// <param name="isTick">Whether there is time for more.</param>
    public void Advance(bool isTick)
    {
        if (_save is { } save)
        {
            save.Advance(Math.Max(1, (isTick ? BytesOfTick : BytesOfSlice) / _history.BytesOfKey));
            if (save.Writing.IsCompleted)
                End(save);
        }
        else if (_context.Time.GetElapsedTime(_savedAt) >= _context.Options.History!.SaveEvery)
        {
            _savedAt = _context.Time.GetTimestamp();
            var due = _history.Partitions.Where(IsDue).ToList();
            if (due.Count > 0)
                _save = new HistorySave(_history, _folder, due);
        }
    }

    /// <summary>Writes what is remembered of partitions that are given away, for whoever reads them next; takes ten seconds at most.</summary>
    /// <param name="partitions">Topics and partitions.</param>
    public void HandOver(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        Settle();
        var due = _history.Partitions.Where(partition => partitions.Contains((partition.Topic, partition.Partition)) && partition.Next > FilesOf(partition.Topic, partition.Partition).Newest).ToList();
        if (due.Count > 0)
            Write(due);
        Release(partitions);
    }

    /// <summary>Deletes the files of partitions: what they stand for is not in the log.</summary>
    /// <param name="partitions">Topics and partitions.</param>
    public void Discard(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        Release(partitions);
        try
        {
            foreach (var (topic, partition) in partitions)
                _folder.Find(topic, partition).ForEach(offset => _folder.Delete(topic, partition, offset));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DetectorLog.HistoryNotDeleted(_context.Logger, exception, _context.Name);
        }
    }

    /// <summary>Leaves the files of partitions to others.</summary>
    /// <param name="partitions">Topics and partitions.</param>
    public void Release(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        Settle();
        foreach (var partition in partitions)
            _files.Remove(partition);
    }

    public async ValueTask DisposeAsync()
    {
        if (_save is not { } save)
            return;
        save.Abandon();
        await save.Writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The one before has to be committed, so that there are never more than two.
    private bool IsDue(PartitionPast partition) =>
        FilesOf(partition.Topic, partition.Partition) is var files && partition.Next > files.Newest && files.Newest <= files.Committed;

    private void End(HistorySave save)
    {
        _save = null;
        if (save.Writing.IsCompletedSuccessfully)
        {
            Note(save.Headers);
            return;
        }

        save.Abandon();
        if (save.Writing.Exception?.InnerException is { } reason)
            Fail(reason);
    }

    private void Write(List<PartitionPast> partitions)
    {
        var started = _context.Time.GetTimestamp();
        var writers = new List<HistoryFileWriter>();
        try
        {
            var headers = partitions.ConvertAll(_history.Describe);
            foreach (var header in headers)
                writers.Add(new HistoryFileWriter(_folder.PathOf(header.Topic, header.Partition, header.Offset), header));
            var blocks = partitions.Zip(writers).ToDictionary(pair => pair.First, pair => new KeyBlocks(_history.StateBytes, block =>
            {
                pair.Second.Write(block);
                ArrayPool<byte>.Shared.Return(block.Array!);
                if (_context.Time.GetElapsedTime(started) > HandOverBound)
                    throw new IOException($"it took longer than {HandOverBound.TotalSeconds:0} s");
            }));
            _history.BeginCopy(blocks);
            _history.CopySome(int.MaxValue);
            foreach (var rest in blocks.Values)
                rest.Flush();
            writers.ForEach(writer => writer.Finish());
            Note(headers);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _history.EndCopy();
            Fail(exception);
        }
        finally
        {
            writers.ForEach(writer => writer.Dispose());
        }
    }

    private void Note(IReadOnlyList<HistoryHeader> written)
    {
        foreach (var header in written)
        {
            _context.Metrics.HistoryFile(_context.Tag, DetectionMetrics.FileWritten);
            var files = FilesOf(header.Topic, header.Partition);
            files.Add(header.Offset);
            Clean(header.Topic, header.Partition, files);
        }
    }

    private void Fail(Exception reason)
    {
        _context.Metrics.HistoryFile(_context.Tag, DetectionMetrics.FileFailed);
        DetectorLog.HistoryNotWritten(_context.Logger, reason, _context.Name);
    }

    private KeptFiles FilesOf(string topic, int partition)
    {
        if (!_files.TryGetValue((topic, partition), out var files))
            _files.Add((topic, partition), files = new KeptFiles());
        return files;
    }

    private void Clean(string topic, int partition, KeptFiles files)
    {
        if (!files.TryFindNeedless(out var needless))
            return;
        try
        {
            foreach (var offset in needless)
            {
                // Once: what cannot be deleted now is left to whoever has the partition next.
                files.Remove(offset);
                _folder.Delete(topic, partition, offset);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DetectorLog.HistoryNotDeleted(_context.Logger, exception, _context.Name);
        }
    }

    // Keys are about to come or go at once, and no file is to be written twice. What is copied is written to its end.
    private void Settle()
    {
        if (_save is not { } save)
            return;
        if (!save.IsCopied)
            save.Abandon();
        Task.WaitAny([save.Writing], HandOverBound);
        End(save);
    }
}
