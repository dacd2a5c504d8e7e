using System.CommandLine;
using System.Globalization;
using AEAnomaly.Detection.Reconstruction;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Commands.Records;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Commands;

/// <summary><c>sample</c>: draws new normal records from a stored version of a generative variant.</summary>
internal static class SampleCommand
{
    private const int MostRecords = 10_000_000;

    public static Command Create(CommandEnvironment environment)
    {
        var folder = new Argument<string?>("MODEL") { Description = "Folder of model versions, as --model names it.", Arity = ArgumentArity.ZeroOrOne };
        var stored = new StoredModelOptions(environment);
        var count = new Option<int>("--count", "-n") { Description = "Records to draw.", HelpName = "N", DefaultValueFactory = _ => 100 };
        count.AcceptRange(1, MostRecords);
        var seed = new Option<int>("--seed") { Description = "Seed of every draw; the same seed gives the same records.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var codes = CommonOptions.OneOf("--codes", "fitted: draw the codes as those of held-out rows were spread; prior: as the variant's prior says.", "fitted", "prior");
        var output = CommonOptions.OneOf("--output", "json: an object a line; csv: with a header.", "json", "csv");
        var command = new Command("sample", "Draw new normal records from a stored version of a generative variant.") { folder, count, seed, codes, output };
        stored.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(folder) is { } named && parsed.GetValue(stored.Model) is { } other)
                throw new UsageException($"the model is named twice: '{named}' and --model {other}; leave one out.");
            var (detector, path) = stored.Declared(parsed, parsed.GetValue(folder));
            var snapshot = stored.Load(parsed, detector, path);
            RequireGenerative(snapshot);
            var whole = new DirectoryModelStore(path).LoadWhole(detector.Name, snapshot.Version) ?? throw StoredModelOptions.NoVersion(detector.Name, path);
            cancellationToken.ThrowIfCancellationRequested();
            var source = parsed.GetValue(codes) == "prior" ? CodeSource.Prior : CodeSource.Fitted;
            var records = new RecordGenerator(snapshot.Encoder, whole.Model).Draw(parsed.GetValue(count), parsed.GetValue(seed), source);
            Write(environment, records, parsed.GetValue(output) == "csv");
            environment.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{records.Count:N0} records drawn from {detector.Name} version {snapshot.Version} ({snapshot.Manifest.Network.Variant}), seed {parsed.GetValue(seed)}"));
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static void RequireGenerative(ModelSnapshot snapshot)
    {
        var name = snapshot.Manifest.Network.Variant;
        if (!VariantCatalog.TryGet(name, out var variant) || !variant!.IsGenerative)
        {
            throw new CommandFailedException(
                $"version {snapshot.Version} of detector '{snapshot.Manifest.Detector}' is of variant {name}, which defines no distribution to draw from; {VariantCatalog.GenerativeNames} do: train one with --variant NAME.");
        }
    }

    private static void Write(CommandEnvironment environment, RecordBatch records, bool isCsv)
    {
        int[] fields = [.. records.Spec.FeatureFields.Where(field => records.Spec.Fields[field].History is null)];
        using RecordLines lines = isCsv
            ? new CsvRecordLines(environment.RawOutput, records.Spec, fields, [], [])
            : new JsonRecordLines(environment.Output, records.Spec, fields, name: null);
        for (var row = 0; row < records.Count; row++)
        {
            lines.Begin();
            lines.Record(records, row);
            lines.End();
        }

        environment.Output.Flush();
    }
}
