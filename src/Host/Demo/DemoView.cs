using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Demo;

/// <summary>Chooses how a demo is shown.</summary>
internal static class DemoView
{
    /// <summary>Creates a redrawn block on a terminal, lines elsewhere; beside JSON everything but the summary goes to standard error.</summary>
    public static IDemoView Create(DemoOptions options, CommandEnvironment environment)
    {
        var (output, isTerminal) = options.Json ? (environment.RawError, environment.ErrorIsTerminal) : (environment.RawOutput, environment.OutputIsTerminal);
        return isTerminal ? new TerminalView(output, () => Console.WindowWidth) : new LineView(output);
    }
}
