namespace AEAnomaly.Host.Configuration;

/// <summary>Tells of a value that was read from a file.</summary>
/// <param name="Path">Key path of the value.</param>
/// <param name="File">Full path of the file.</param>
/// <param name="Text">What it held.</param>
internal sealed record SecretFile(string Path, string File, string Text);
