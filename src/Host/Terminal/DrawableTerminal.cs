using Spectre.Console;

namespace AEAnomaly.Host.Terminal;

/// <summary>Finds out whether a terminal can be drawn on.</summary>
internal static class DrawableTerminal
{
    /// <summary>Gives the terminal behind a writer, or null where it does not know ANSI sequences (TERM=dumb, say).</summary>
    public static IAnsiConsole? On(TextWriter writer)
    {
        // Nothing is asked of whoever sits before it.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Interactive = InteractionSupport.No });
        return console.Profile.Capabilities.Ansi ? console : null;
    }
}
