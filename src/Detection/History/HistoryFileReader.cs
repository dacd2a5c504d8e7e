using System.Security.Cryptography;

namespace AEAnomaly.Detection.History;

/// <summary>Reads a file of remembered keys whose checksum is right.</summary>
internal sealed class HistoryFileReader : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly long _keysAt;
    private readonly int _keyBytes;

    private HistoryFileReader(FileStream file, HistoryHeader header, long keysAt, int keyBytes, int count)
    {
        (_file, Header, _keysAt, _keyBytes, Count) = (file, header, keysAt, keyBytes, count);
    }

    public delegate void Receiver(ReadOnlySpan<byte> key);

    /// <summary>Gets what the file stands for.</summary>
    public HistoryHeader Header { get; }

    /// <summary>Gets the keys in it.</summary>
    public int Count { get; }

    /// <summary>Opens a file, and reads it once to see that it is whole.</summary>
    /// <param name="path">File.</param>
    /// <param name="stateBytes">Bytes of a key's state.</param>
    /// <exception cref="InvalidDataException">It is no such file, or not as it was written; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static HistoryFileReader Open(string path, int stateBytes)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes);
        try
        {
            var prefix = new byte[HistoryHeader.PrefixBytes];
            var headerBytes = HistoryHeader.LengthOf(prefix.AsSpan(0, file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false)), out var problem);
            if (problem.Length > 0)
                throw new InvalidDataException(problem);
            CheckSum(file);
            if (headerBytes < 0 || headerBytes > file.Length - SHA256.HashSizeInBytes - prefix.Length)
                throw new InvalidDataException($"its header is said to have {headerBytes} bytes, and does not fit");
            file.Position = prefix.Length;
            var header = new byte[headerBytes];
            file.ReadExactly(header);
            var keysAt = file.Position;
            var keyBytes = SavedKey.BytesOf(stateBytes);
            var (count, rest) = Math.DivRem(file.Length - SHA256.HashSizeInBytes - keysAt, keyBytes);
            return new HistoryFileReader(file, HistoryHeader.Read(header), keysAt, keyBytes, rest == 0 ? checked((int)count) : -1);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads all keys.</summary>
    public void Read(Receiver receive)
    {
        _file.Position = _keysAt;
        var key = new byte[_keyBytes];
        for (var i = 0; i < Count; i++)
        {
            _file.ReadExactly(key);
            receive(key);
        }
    }

    public void Dispose() => _file.Dispose();

    private static void CheckSum(FileStream file)
    {
        var left = file.Length - SHA256.HashSizeInBytes;
        if (left < HistoryHeader.PrefixBytes)
            throw new InvalidDataException("it is cut off");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        file.Position = 0;
        var buffer = new byte[BufferBytes];
        while (left > 0)
        {
            var count = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (count == 0)
                throw new InvalidDataException("it is cut off");
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        Span<byte> written = stackalloc byte[SHA256.HashSizeInBytes];
        file.ReadExactly(written);
        if (!written.SequenceEqual(hash.GetHashAndReset()))
            throw new InvalidDataException("its checksum does not fit its content: it was damaged, or cut off");
    }
}
