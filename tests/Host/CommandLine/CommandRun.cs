using System.Text;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands;
using Microsoft.Extensions.Time.Testing;

namespace AEAnomaly.Host.Tests.CommandLine;

/// <summary>Runs one command line as the process does, and keeps what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<CommandRun> Of(params string[] arguments) => With("", [], arguments);

    public static Task<CommandRun> With(string input, (string Name, string Value)[] variables, params string[] arguments) => RunAsync(input, variables, TimeProvider.System, arguments);

    /// <summary>Runs it where the clock shows another time.</summary>
    public static Task<CommandRun> At(DateTimeOffset time, params string[] arguments) => RunAsync("", [], new FakeTimeProvider(time), arguments);

    private static async Task<CommandRun> RunAsync(string input, (string Name, string Value)[] variables, TimeProvider time, string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var environment = new CommandEnvironment
        {
            Output = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Variables = variables.ToDictionary(v => v.Name, v => v.Value),
            Time = time,
        };
        var exitCode = await CommandRunner.RunAsync(arguments, environment, CancellationToken.None);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
