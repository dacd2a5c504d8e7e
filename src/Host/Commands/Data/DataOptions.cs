using System.CommandLine;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>The options that say which records a command works on and what their fields are; the same for every command on files.</summary>
internal sealed class DataOptions
{
    public Option<string> Data { get; } = new("--data", "-d")
    {
        Description = "Records: CSV with a header or NDJSON, plain or .gz; - reads standard input.",
        HelpName = "FILE",
    };

    public Option<string> Label { get; } = new("--label") { Description = "Column that says which records are anomalies; never a feature.", HelpName = "COL" };

    public Option<string[]> Drop { get; } = new("--drop") { Description = "Column that is no feature; may be repeated.", HelpName = "COL", DefaultValueFactory = _ => [] };

    public Option<string> Config { get; } = CommonOptions.Config();

    public Option<string> Detector { get; } = new("--detector") { Description = "Detector of the configuration; needed where it has several.", HelpName = "NAME" };

    public Option<string> Variant { get; } = new("--variant") { Description = "Variant of the autoencoder family, say ae or vae.", HelpName = "NAME" };

    public Option<int?> Seed { get; } = new("--seed") { Description = "Seed of every random choice.", HelpName = "N" };

    public Option<bool> SkipBadRows { get; } = new("--skip-bad-rows") { Description = "Report rows that cannot be read and go on, instead of stopping at the first." };

    public void AddTo(Command command, bool withTraining = true)
    {
        command.Options.Add(Data);
        command.Options.Add(Label);
        command.Options.Add(Drop);
        command.Options.Add(Config);
        command.Options.Add(Detector);
        if (!withTraining)
            return;
        command.Options.Add(Variant);
        command.Options.Add(Seed);
        command.Options.Add(SkipBadRows);
    }
}
