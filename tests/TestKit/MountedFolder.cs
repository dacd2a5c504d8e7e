using System.ComponentModel;
using System.Diagnostics;

namespace AEAnomaly.TestKit;

/// <summary>A folder with a small file system of its own, to be full or read-only for real; permissions alone do not stop root.</summary>
public sealed class MountedFolder : IDisposable
{
    private readonly TemporaryFolder _folder;

    private MountedFolder(TemporaryFolder folder) => _folder = folder;

    public string Path => _folder.Path;

    /// <summary>Mounts an empty tmpfs.</summary>
    /// <param name="size">Its size as mount takes it, say "64k".</param>
    /// <exception cref="InvalidOperationException">This user, or this machine, may not mount; the message says why.</exception>
    public static MountedFolder OfSize(string size)
    {
        var folder = new TemporaryFolder();
        try
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder.Path);
            return new MountedFolder(folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Gives the file system another size, or makes it read-only.</summary>
    /// <param name="options">Options of mount, say "size=1m" or "ro".</param>
    public void Remount(string options) => Run("mount", "-o", "remount," + options, Path);

    /// <summary>Fills what room is left.</summary>
    /// <returns>The file that fills it; deleting it makes the room free again.</returns>
    public string Fill()
    {
        var path = System.IO.Path.Combine(Path, ".filler");
        var block = new byte[4096];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
            return path;
        }
    }

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{program} is not possible here: {error.Trim()}");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{program} is not possible here: {exception.Message}", exception);
        }
    }
}
