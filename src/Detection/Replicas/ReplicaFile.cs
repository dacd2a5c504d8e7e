using System.Text.Json;

namespace AEAnomaly.Detection.Replicas;

/// <summary>Reads and writes the small files that processes tell one another by.</summary>
internal static class ReplicaFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes a file; readers see the former content or this one.</summary>
    public static void Write<T>(string path, T content)
    {
        var unfinished = Path.Combine(Path.GetDirectoryName(path)!, $"new.{Path.GetRandomFileName()}");
        try
        {
            File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(content, Json));
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Writes a file that is not there yet.</summary>
    /// <returns>False where it is.</returns>
    public static bool TryCreate<T>(string path, T content)
    {
        FileStream file;
        try
        {
            // One system call, on network file systems as well: of several processes one succeeds.
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }

        try
        {
            using (file)
                file.Write(JsonSerializer.SerializeToUtf8Bytes(content, Json));
            return true;
        }
        catch
        {
            // An empty one would stand for a turn that nobody has.
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <returns>Its text, and what it says; nothing where it is gone, no content where it is damaged.</returns>
    public static (string? Text, T? Content) Read<T>(string path)
        where T : class
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }

        try
        {
            return (text, JsonSerializer.Deserialize<T>(text, Json));
        }
        catch (JsonException)
        {
            return (text, null);
        }
    }
}
