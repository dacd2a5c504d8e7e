using System.IO.Compression;

namespace AEAnomaly.Ingest.Files;

/// <summary>Opens a file or standard input, gzip resolved.</summary>
internal sealed class RecordInput
{
    private readonly string _path;
    private readonly RewindableStream? _standardInput;

    /// <summary>Takes a file, or standard input for "-".</summary>
    public RecordInput(string path, Stream? standardInput)
    {
        _path = path;
        Name = path == "-" ? "standard input" : path;
        IsStandardInput = path == "-";
        if (IsStandardInput)
            _standardInput = Unzip(standardInput ?? Console.OpenStandardInput());
        else if (!File.Exists(path))
            throw new RecordFileException(Directory.Exists(path) ? $"{path}: is a folder, expected a file." : $"{path}: there is no such file.");
    }

    /// <summary>Gets what messages call it.</summary>
    public string Name { get; }

    /// <summary>Gets whether it can be read only once, and may wait for more.</summary>
    public bool IsStandardInput { get; }

    /// <summary>Opens it at its beginning.</summary>
    /// <param name="isLast">Whether it will not be opened again; standard input is then not kept in memory.</param>
    public Stream Open(bool isLast)
    {
        if (_standardInput is { } input)
        {
            if (!input.CanRewind)
                throw new RecordFileException("standard input: was read already and cannot be read again; write it to a file first.");
            input.Rewind(keep: !isLast);
            return input;
        }

        try
        {
            var stream = Unzip(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1));
            stream.Rewind(keep: false);
            return stream;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecordFileException($"{_path}: cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Closes a stream that <see cref="Open"/> gave; standard input stays open for the next reading.</summary>
    public void Close(Stream stream)
    {
        if (stream != _standardInput)
            stream.Dispose();
    }

    /// <summary>Recognises gzip by its first two bytes, whatever the file is called.</summary>
    private static RewindableStream Unzip(Stream stream)
    {
        var raw = new RewindableStream(stream);
        var isGzip = raw.Peek(2, 2).AsSpan().SequenceEqual<byte>([0x1F, 0x8B]);
        if (!isGzip)
            return raw;
        raw.Rewind(keep: false);
        return new RewindableStream(new GZipStream(raw, CompressionMode.Decompress));
    }
}
