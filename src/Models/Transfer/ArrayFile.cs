using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AEAnomaly.Models.Transfer;

/// <summary>Writes and reads an array as it lies in memory; for processes of one machine.</summary>
internal static class ArrayFile
{
    // A span of bytes holds 2 GB at most, an array of floats four times as much.
    private const int PieceElements = 1 << 26;

    /// <summary>Writes an array.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        long position = 0;
        for (var start = 0; start < values.Length; start += PieceElements)
        {
            var bytes = MemoryMarshal.AsBytes(values.Slice(start, Math.Min(PieceElements, values.Length - start)));
            RandomAccess.Write(file, bytes, position);
            position += bytes.Length;
        }
    }

    /// <summary>Reads an array.</summary>
    /// <exception cref="InvalidDataException">The file is missing, or ends within an element.</exception>
    public static T[] Read<T>(string path)
        where T : unmanaged
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} is missing.");
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length % Unsafe.SizeOf<T>() != 0)
            throw new InvalidDataException($"{path}: {length} bytes are no whole number of elements of {Unsafe.SizeOf<T>()}.");
        var values = new T[length / Unsafe.SizeOf<T>()];
        long position = 0;
        for (var start = 0; start < values.Length; start += PieceElements)
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(PieceElements, values.Length - start)));
            while (!bytes.IsEmpty)
            {
                var count = RandomAccess.Read(file, bytes, position);
                if (count == 0)
                    throw new InvalidDataException($"{path}: ends after {position} of {length} bytes.");
                position += count;
                bytes = bytes[count..];
            }
        }

        return values;
    }
}
