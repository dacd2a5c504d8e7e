using System.CommandLine;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Commands.Registry;

/// <summary>The options that say which folder of model versions, and which daemon, the commands for a running detector work on.</summary>
internal sealed class ModelFolder(CommandEnvironment environment)
{
    public Option<string> Config { get; } = CommonOptions.Config();

    public Option<string> Folder { get; } = new("--dir") { Description = "Folder of model versions. Default: models.directory of the configuration.", HelpName = "DIR" };

    public Option<string> Url { get; } = new("--url") { Description = "Address of the running daemon. Default: http.listen of the configuration.", HelpName = "URL" };

    public AEAnomalyOptions? Load(ParseResult parsed) => parsed.GetValue(Config) is { } config ? environment.LoadConfiguration(config) : null;

    public string FolderOf(ParseResult parsed, AEAnomalyOptions? options) =>
        parsed.GetValue(Folder) ?? options?.Models.Directory ?? throw new UsageException("say where the versions are: --config FILE or --dir DIR.");

    /// <summary>Gets the daemon's address, or null when neither the command line nor a configuration says one.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public string? UrlOf(ParseResult parsed, AEAnomalyOptions? options)
    {
        if (parsed.GetValue(Url) is not { } url)
            return options?.Http.Listen;
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? url
            : throw new UsageException($"--url: found '{url}'; expected an address such as http://127.0.0.1:9464.");
    }

    /// <summary>Connects to the daemon; the token is the configuration's, or the variable that would override it.</summary>
    public AdminClient Connect(string url, AEAnomalyOptions? options) =>
        new(url, options?.Http.AdminToken ?? environment.Variables.GetValueOrDefault("AEANOMALY__HTTP__ADMIN_TOKEN"));

    /// <summary>Has the running daemon do something with a detector.</summary>
    /// <returns>What it says.</returns>
    /// <exception cref="UsageException">Nothing says which daemon.</exception>
    /// <exception cref="CommandFailedException">None listens there, or it refuses.</exception>
    public async Task<string> AskAsync(ParseResult parsed, string detector, string action, CancellationToken cancellationToken)
    {
        var options = Load(parsed);
        var url = UrlOf(parsed, options) ?? throw new UsageException("say which daemon: --config FILE or --url URL.");
        using var daemon = Connect(url, options);
        return await daemon.PostAsync(detector, action, null, cancellationToken)
            ?? throw new CommandFailedException($"{daemon.BaseAddress}: no daemon listens there; start one with 'aeanomaly run', or name its address with --url.");
    }

    public static DirectoryModelStore Open(string folder) => Directory.Exists(folder)
        ? new DirectoryModelStore(folder)
        : throw new CommandFailedException($"{folder}: there is no such folder; a version is stored there after the first training.");

    /// <summary>Lists the detectors that have a folder.</summary>
    public static string[] Detectors(string folder) =>
        [.. Directory.GetDirectories(folder).Select(Path.GetFileName).OfType<string>().Where(n => n[0] != '.').Order(StringComparer.Ordinal)];
}
