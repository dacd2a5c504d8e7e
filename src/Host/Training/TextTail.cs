namespace AEAnomaly.Host.Training;

/// <summary>Reads a stream of text to its end on a thread of its own and keeps the last line that says something.</summary>
/// <remarks>Not by asynchronous reading: called from a training thread of low priority, that could start a thread of the pool, which would keep the priority for good.</remarks>
internal sealed class TextTail
{
    private readonly Thread _reader;
    private volatile string _last = "";

    public TextTail(TextReader text)
    {
        _reader = new Thread(() =>
        {
            while (text.ReadLine() is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    _last = line.Trim();
            }
        })
        { IsBackground = true, Name = "training process (errors)" };
        _reader.Start();
    }

    /// <summary>Waits for the end of the text.</summary>
    /// <param name="bound">Longest wait: a grandchild may hold the stream open.</param>
    /// <returns>The last line.</returns>
    public string Finish(TimeSpan bound)
    {
        _reader.Join(bound);
        return _last;
    }
}
