using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Demo;

/// <summary>Chooses how a demo is shown.</summary>
internal static class DemoView
{
    /// <summary>Creates a redrawn block on a terminal, lines elsewhere; beside JSON everything but the summary goes to standard error.</summary>
    public static IDemoView Create(DemoOptions options, CommandEnvironment environment)
    {
        var (output, terminal) = options.Json ? (environment.RawError, environment.ErrorTerminal) : (environment.RawOutput, environment.OutputTerminal);
        return terminal is null ? new LineView(output) : new TerminalView(terminal);
    }
}
