using System.Text;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Writes a result file whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes beside the place, then renames.</summary>
    /// <exception cref="CommandFailedException">The file cannot be written; says why.</exception>
    public static void Write(string path, string text)
    {
        var unfinished = path + ".new";
        try
        {
            File.WriteAllText(unfinished, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            throw new CommandFailedException($"{path}: cannot be written: {problem.Message} Name another file, or make its folder writable.", problem);
        }
    }
}
