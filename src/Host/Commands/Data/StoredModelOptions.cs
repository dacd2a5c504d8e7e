using System.CommandLine;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>The options that say which stored version a command works with; the same for every command that uses one.</summary>
internal sealed class StoredModelOptions(CommandEnvironment environment)
{
    public Option<string> Model { get; } =
        new("--model") { Description = "Folder of model versions, as 'train --out' made it. Default: models.directory of the configuration.", HelpName = "DIR" };

    public Option<string> Version { get; } = new("--model-version") { Description = "Version to use. Default: the current one.", HelpName = "VERSION" };

    public Option<string> Config { get; } = CommonOptions.Config();

    public Option<string> Detector { get; } = new("--detector") { Description = "Detector of the configuration; needed where it has several.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Options.Add(Model);
        command.Options.Add(Version);
        command.Options.Add(Config);
        command.Options.Add(Detector);
    }

    /// <summary>Finds the detector and the folder of its versions.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="folder">Folder named in another way, or null.</param>
    public (DetectorOptions Detector, string Folder) Declared(ParseResult parsed, string? folder = null)
    {
        folder ??= parsed.GetValue(Model);
        var name = parsed.GetValue(Detector);
        if (parsed.GetValue(Config) is { } config)
        {
            var options = environment.LoadConfiguration(config);
            return (DetectorDeclaration.Pick(options, name, config), folder ?? options.Models.Directory);
        }

        if (folder is null)
            throw new UsageException("say which model: --model DIR (as 'train --out' made it) or --config FILE.");
        var found = FindConfiguration(folder, name);
        return (DetectorDeclaration.Pick(environment.LoadConfiguration(found), name, found), folder);
    }

    /// <summary>Loads the version to score with.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="detector">Detector, as <see cref="Declared"/> gave it.</param>
    /// <param name="folder">Folder, as <see cref="Declared"/> gave it.</param>
    public ModelSnapshot Load(ParseResult parsed, DetectorOptions detector, string folder) =>
        new DirectoryModelStore(folder).Load(detector.Name, parsed.GetValue(Version), DetectorDeclaration.Spec(detector, folder)) ?? throw NoVersion(detector.Name, folder);

    /// <summary>Says that a detector has not been trained.</summary>
    public static CommandFailedException NoVersion(string detector, string folder) =>
        new($"{folder}: detector '{detector}' has no version yet; 'aeanomaly train --data FILE --out {folder}' makes one.");

    private static string FindConfiguration(string folder, string? name)
    {
        if (!Directory.Exists(folder))
            throw new CommandFailedException($"{folder}: there is no such folder; 'aeanomaly train --data FILE --out {folder}' makes it.");
        if (name is not null)
        {
            var named = Path.Combine(folder, name + ".yaml");
            return File.Exists(named) ? named : throw new CommandFailedException($"{named}: the fields of detector '{name}' are not declared there; name the configuration with --config FILE.");
        }

        var files = Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal).ToArray();
        return files.Length switch
        {
            1 => files[0],
            0 => throw new CommandFailedException($"{folder}: no *.yaml declares the fields; name the configuration with --config FILE."),
            _ => throw new UsageException($"{folder} has {files.Length} detectors ({string.Join(", ", files.Select(Path.GetFileNameWithoutExtension))}); say which: --detector NAME."),
        };
    }
}
