using System.IO.Compression;

namespace AEAnomaly.Bench.Quality;

/// <summary>Reads compressed text.</summary>
internal static class GzipLines
{
    public static IEnumerable<string> Read(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
