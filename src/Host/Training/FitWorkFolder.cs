namespace AEAnomaly.Host.Training;

/// <summary>A folder that exists for one fit and is deleted with it.</summary>
/// <param name="Path">Full path.</param>
internal sealed record FitWorkFolder(string Path) : IDisposable
{
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The training process deletes it when it finds itself alone.
        }
    }
}
