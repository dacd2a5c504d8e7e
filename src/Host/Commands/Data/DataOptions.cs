using System.CommandLine;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Training;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>The options that say which records a command works on and what their fields are; the same for every command on files.</summary>
internal sealed class DataOptions
{
    public Option<string> Data { get; } = new("--data", "-d")
    {
        Description = "Records: CSV with a header, JSON objects or Parquet, plain, .gz or .zst; - reads standard input.",
        HelpName = "FILE",
    };

    public Option<string> Label { get; } = new("--label") { Description = "Column that says which records are anomalies; never a feature.", HelpName = "COL" };

    public Option<string[]> LabelNormal { get; } = new("--label-normal")
    {
        Description = "Value of the label that means normal, all others then an anomaly; may be repeated. Default: 0, false, no, normal, benign, good, healthy, ok and their like.",
        HelpName = "VALUE",
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Drop { get; } = new("--drop") { Description = "Column that is no feature; may be repeated.", HelpName = "COL", DefaultValueFactory = _ => [] };

    public Option<string> Config { get; } = CommonOptions.Config();

    public Option<string> Detector { get; } = new("--detector") { Description = "Detector of the configuration; needed where it has several.", HelpName = "NAME" };

    public Option<string> Variant { get; } = new("--variant") { Description = "Variant of the autoencoder family, say ae or vae.", HelpName = "NAME" };

    public Option<string> Scores { get; } = new("--scores")
    {
        Description = "What records are judged by, say whitened or whitened,nearest_normal; without it what the variant is judged by best, mostly its own score.",
        HelpName = "NAME,...",
    };

    public Option<int?> Seed { get; } = new("--seed") { Description = "Seed of every random choice.", HelpName = "N" };

    public Option<bool> SkipBadRows { get; } = new("--skip-bad-rows") { Description = "Report rows that cannot be read and go on, instead of stopping at the first." };

    public Option<int?> Window { get; } = new("--window") { Description = "Records of a window, for variants that read windows.", HelpName = "N" };

    public Option<string> Key { get; } = new("--key") { Description = "Column that says whose record it is; windows hold records of one key. Never a feature.", HelpName = "COL" };

    public Option<string[]> FirstFields { get; } = new("--first-fields")
    {
        Description = "Columns of the first field group, with commas, for variant cross-domain; the others are the second.",
        HelpName = "COL,COL",
        DefaultValueFactory = _ => [],
    };

    public Option<string> TimeField { get; } = new("--time-field") { Description = "Column whose time, or number, orders the records. Default: the order of the file.", HelpName = "COL" };

    public Option<string> TrainWhere { get; } = new("--train-where") { Description = "Train on the rows in which a column has a value, test on the others; the column is no feature.", HelpName = "COL=VALUE" };

    public Option<string> Device { get; } = new("--device")
    {
        Description = "What the network is trained on: auto, native, torch or cuda. Default: training.device of the configuration, or auto.",
        HelpName = "NAME",
    };

    public void AddTo(Command command, bool withTraining = true)
    {
        command.Options.Add(Data);
        command.Options.Add(Label);
        command.Options.Add(LabelNormal);
        command.Options.Add(Drop);
        command.Options.Add(Config);
        command.Options.Add(Detector);
        if (!withTraining)
            return;
        command.Options.Add(Variant);
        command.Options.Add(Scores);
        command.Options.Add(Seed);
        command.Options.Add(SkipBadRows);
        command.Options.Add(Window);
        command.Options.Add(Key);
        command.Options.Add(FirstFields);
        command.Options.Add(TimeField);
        Device.AcceptWords([.. Enum.GetValues<TrainingDevice>().Select(DeviceFitter.NameOf)]);
        command.Options.Add(Device);
    }
}
