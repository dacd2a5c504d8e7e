using System.CommandLine;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Ingest.Files;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Host.Commands;

/// <summary>Runs one command line: parses it, runs the command, and turns every failure into one clear line and an exit code.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(string[] arguments, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var root = CommandCatalog.Build(arguments, environment);
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var name = Name(parsed);
        if (parsed.Errors.Count > 0)
        {
            foreach (var message in UsageErrors.Of(parsed))
                environment.Error.WriteLine($"{name}: {message}");
            environment.Error.WriteLine($"'{name} --help' lists what it takes.");
            return ExitCodes.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = environment.Output,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            environment.Error.WriteLine($"{name}: stopped.");
            return ExitCodes.Failed;
        }
        catch (Exception problem)
        {
            return Report(problem, name, parsed, environment.Error);
        }
    }

    private static int Report(Exception problem, string name, ParseResult parsed, TextWriter error)
    {
        if (problem is ConfigurationException configuration)
        {
            foreach (var line in configuration.Errors)
                error.WriteLine(line);
            var count = configuration.Errors.Count;
            error.WriteLine($"{name}: {count} {(count == 1 ? "error" : "errors")} in the configuration.");
            return ExitCodes.Usage;
        }

        error.WriteLine(IsExpected(problem)
            ? $"{name}: {OneLine(problem)}{Hint(problem, parsed)}"
            : $"{name}: {problem.GetType().Name}: {OneLine(problem)} ('--verbose' shows where.)");
        if (parsed.GetValue(CommandCatalog.Verbose))
            error.WriteLine(problem);
        return problem is UsageException ? ExitCodes.Usage : ExitCodes.Failed;
    }

    // Failures whose message was written for users; of any other kind the type is named too, since it helps whoever reads the report.
    private static bool IsExpected(Exception problem) =>
        problem is UsageException or CommandFailedException or ModelFileException or SpecMismatchException or TrainingFailedException or TrainingDeviceException
            or RecordFileException or TopicUnavailableException or ArgumentException or IOException or UnauthorizedAccessException or KeyNotFoundException;

    private static string Hint(Exception problem, ParseResult parsed) =>
        problem is RecordFileException { IsBadRow: true } && parsed.CommandResult.Command.Options.Any(option => option.Name == "--skip-bad-rows")
            ? " (--skip-bad-rows leaves such rows out and counts them.)"
            : "";

    private static string OneLine(Exception problem) => FailureText.Of(problem).ReplaceLineEndings(" ");

    private static string Name(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            words.Push(result.Command is RootCommand ? "aeanomaly" : result.Command.Name);
        return string.Join(' ', words);
    }
}
