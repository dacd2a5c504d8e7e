using System.CommandLine;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands;

/// <summary>Lists the commands; builds only the one that is asked for.</summary>
internal static class CommandCatalog
{
    private static readonly (string Name, Func<CommandEnvironment, Command> Create)[] Commands =
    [
        ("demo", DemoCommand.Create),
        ("run", RunCommand.Create),
        ("init", InitCommand.Create),
        ("check", CheckCommand.Create),
        ("train", TrainCommand.Create),
        ("score", ScoreCommand.Create),
        ("embed", EmbedCommand.Create),
        ("denoise", DenoiseCommand.Create),
        ("impute", ImputeCommand.Create),
        ("sample", SampleCommand.Create),
        ("evaluate", EvaluateCommand.Create),
        ("replay", ReplayCommand.Create),
        ("models", ModelsCommand.Create),
        ("resume", ResumeCommand.Create),
    ];

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the stack trace of a failure.", Recursive = true };

    /// <summary>Builds the tree for one command line: the named command alone, or all of them where help needs their descriptions.</summary>
    public static RootCommand Build(IReadOnlyList<string> arguments, CommandEnvironment environment)
    {
        var root = new RootCommand("Finds anomalies in Kafka streams with autoencoders that retrain themselves.");
        root.Options.Add(Verbose);
        var named = arguments.Count == 0 ? -1 : Array.FindIndex(Commands, c => c.Name == arguments[0]);
        if (named >= 0)
        {
            root.Subcommands.Add(Commands[named].Create(environment));
        }
        else
        {
            foreach (var (_, create) in Commands)
                root.Subcommands.Add(create(environment));
        }

        return root;
    }
}
