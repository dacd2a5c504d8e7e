using System.Buffers;
using System.Threading.Channels;
using AEAnomaly.Detection.History;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Writes what is remembered of partitions at one moment to files: the thread that feeds the detector copies it in slices, another one writes.</summary>
internal sealed class HistorySave
{
    // What is copied faster than the disk takes it waits in memory; beyond this only keys that are about to change are copied.
    private const long MostWaitingBytes = 16 << 20;

    private readonly KeyHistory _history;
    private readonly HistoryFolder _folder;
    private readonly Dictionary<PartitionPast, KeyBlocks> _blocks = [];
    private readonly Dictionary<HistoryHeader, HistoryFileWriter> _writers = new(ReferenceEqualityComparer.Instance);
    private readonly Channel<(HistoryHeader Of, ArraySegment<byte> Block)> _waiting = Channel.CreateUnbounded<(HistoryHeader, ArraySegment<byte>)>(new() { SingleReader = true });
    private long _waitingBytes;
    private volatile bool _isAbandoned;

    /// <summary>Begins with what is remembered now.</summary>
    /// <param name="history">What is remembered; its keys may go on being used, no other copy may be taken.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="partitions">Partitions to write.</param>
    public HistorySave(KeyHistory history, HistoryFolder folder, IEnumerable<PartitionPast> partitions)
    {
        (_history, _folder) = (history, folder);
        Headers = [.. partitions.Select(partition =>
        {
            var header = history.Describe(partition);
            _blocks.Add(partition, new KeyBlocks(history.StateBytes, block => Post(header, block)));
            return header;
        })];
        history.BeginCopy(_blocks);
        Writing = Task.Run(WriteAsync);
    }

    /// <summary>Gets what is written.</summary>
    public IReadOnlyList<HistoryHeader> Headers { get; }

    /// <summary>Gets the writing: it ends well when all files are there, and fails when none of those is that was not.</summary>
    public Task Writing { get; }

    /// <summary>Gets whether all is copied, and only to be written.</summary>
    public bool IsCopied { get; private set; }

    /// <summary>Copies some more keys.</summary>
    /// <param name="keys">Keys to look at.</param>
    public void Advance(int keys)
    {
        if (IsCopied || Interlocked.Read(ref _waitingBytes) > MostWaitingBytes || !_history.CopySome(keys))
            return;
        IsCopied = true;
        foreach (var blocks in _blocks.Values)
            blocks.Flush();
        _waiting.Writer.Complete();
    }

    /// <summary>Gives up; leaves no file half written.</summary>
    public void Abandon()
    {
        _history.EndCopy();
        _isAbandoned = true;
        _waiting.Writer.TryComplete();
    }

    private void Post(HistoryHeader of, ArraySegment<byte> block)
    {
        // Nobody reads it any more.
        if (Writing is { IsCompleted: true })
        {
            ArrayPool<byte>.Shared.Return(block.Array!);
            return;
        }

        Interlocked.Add(ref _waitingBytes, block.Count);
        _waiting.Writer.TryWrite((of, block));
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var (of, block) in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                GoOn();
                WriterOf(of).Write(block);
                Interlocked.Add(ref _waitingBytes, -block.Count);
                ArrayPool<byte>.Shared.Return(block.Array!);
            }

            // All or none appear at nearly one moment: a key whose records come in several partitions lies in one of them.
            foreach (var header in Headers)
            {
                GoOn();
                WriterOf(header).Finish();
            }
        }
        finally
        {
            foreach (var writer in _writers.Values)
                writer.Dispose();
        }
    }

    private void GoOn()
    {
        if (_isAbandoned)
            throw new OperationCanceledException();
    }

    private HistoryFileWriter WriterOf(HistoryHeader header)
    {
        if (!_writers.TryGetValue(header, out var writer))
            _writers.Add(header, writer = new HistoryFileWriter(_folder.PathOf(header.Topic, header.Partition, header.Offset), header));
        return writer;
    }
}
