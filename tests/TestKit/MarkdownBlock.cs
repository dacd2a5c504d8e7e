namespace AEAnomaly.TestKit;

/// <summary>A block of code in a document.</summary>
/// <param name="File">Document.</param>
/// <param name="Line">Number of its first line, from 1.</param>
/// <param name="Language">What stands behind the fence; empty for an indented block.</param>
/// <param name="Lines">Its lines, without the indent.</param>
public sealed record MarkdownBlock(MarkdownFile File, int Line, string Language, IReadOnlyList<string> Lines)
{
    public string Text => string.Join('\n', Lines);

    /// <summary>Where it stands, as errors name it.</summary>
    public string Place => $"{File.Path}:{Line}";
}
