using System.Security.Cryptography;

namespace AEAnomaly.Detection.History;

/// <summary>Writes a file of remembered keys: under another name, to the disk, then one rename. Until then, and after a failure, there is no such file.</summary>
internal sealed class HistoryFileWriter : IDisposable
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isFinished;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where it appears once it is whole.</param>
    /// <param name="header">What it stands for.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public HistoryFileWriter(string path, HistoryHeader header)
    {
        _path = path;
        _unfinished = $"{path}.{Environment.ProcessId}{HistoryFolder.UnfinishedEnding}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Keys are the names of cards and accounts: for nobody else to read.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(_unfinished, options);
        try
        {
            Write(header.ToBytes());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Adds keys.</summary>
    public void Write(ReadOnlySpan<byte> keys)
    {
        _hash.AppendData(keys);
        _file.Write(keys);
    }

    /// <summary>Ends the file, and lets it appear.</summary>
    public void Finish()
    {
        _file.Write(_hash.GetHashAndReset());
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_unfinished, _path, overwrite: true);
        _isFinished = true;
    }

    public void Dispose()
    {
        _hash.Dispose();
        _file.Dispose();
        if (!_isFinished)
            File.Delete(_unfinished);
    }
}
