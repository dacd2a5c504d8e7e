using System.Collections;
using AEAnomaly.Host.Terminal;
using Spectre.Console;

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

    /// <summary>Gets the terminal that <see cref="Error"/> is, where progress is drawn; null where it is none, or one that cannot be drawn on.</summary>
    public IAnsiConsole? ErrorTerminal => ErrorTerminalSource.Value;

    /// <summary>Gets the terminal that <see cref="Output"/> is, as <see cref="ErrorTerminal"/>.</summary>
    public IAnsiConsole? OutputTerminal => OutputTerminalSource.Value;

    /// <summary>Gets what finds <see cref="ErrorTerminal"/>, when first asked for: most commands draw nothing.</summary>
    public Lazy<IAnsiConsole?> ErrorTerminalSource { get; init; } = new((IAnsiConsole?)null);

    /// <summary>Gets what finds <see cref="OutputTerminal"/>.</summary>
    public Lazy<IAnsiConsole?> OutputTerminalSource { get; init; } = new((IAnsiConsole?)null);

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
        ErrorTerminalSource = new(() => Console.IsErrorRedirected ? null : DrawableTerminal.On(Console.Error)),
        OutputTerminalSource = new(() => Console.IsOutputRedirected ? null : DrawableTerminal.On(Console.Out)),
    };
}
