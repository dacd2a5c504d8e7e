using System.Collections;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Holds what a command may touch of its process, so that tests run the same commands without one.</summary>
internal sealed class CommandEnvironment
{
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);

    /// <summary>Gets where results go; control characters are replaced.</summary>
    public required TextWriter Output
    {
        get;
        init
        {
            RawOutput = value;
            field = PrintableWriter.Over(value);
        }
    }

    /// <summary>Gets where results go that must keep every character (CSV), and what draws on a terminal.</summary>
    public TextWriter RawOutput { get; private init; } = TextWriter.Null;

    /// <summary>Gets where progress and problems go, a line each; control characters are replaced.</summary>
    public required TextWriter Error
    {
        get;
        init
        {
            RawError = value;
            field = PrintableWriter.OfLinesOver(value);
        }
    }

    /// <summary>Gets where progress goes that draws on a terminal.</summary>
    public TextWriter RawError { get; private init; } = TextWriter.Null;

    /// <summary>Gets the opener of standard input, which "-" as a file name means.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Gets the environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Gets whether <see cref="Error"/> is a terminal, where progress is drawn.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Gets whether <see cref="Output"/> is a terminal.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Writes a warning on standard error, once: a command may read the same configuration for several reasons.</summary>
    public void Warn(string warning)
    {
        if (_warnings.Add(warning))
            Error.WriteLine("warning: " + warning);
    }

    public static CommandEnvironment OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        OpenInput = Console.OpenStandardInput,
        Variables = Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
        ErrorIsTerminal = !Console.IsErrorRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
    };
}
