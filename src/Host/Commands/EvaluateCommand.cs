using System.CommandLine;
using System.Globalization;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Commands.Evaluation;
using AEAnomaly.Host.Reports;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Ingest.Files;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Commands;

/// <summary><c>evaluate</c>: measures on labelled records how well anomalies are told from normal ones.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var protocol = CommonOptions.OneOf(
            "--protocol", "semi: train on half of the normal rows, test on the rest; unsupervised: train and test on all rows.", "semi", "unsupervised");
        var split = new Option<string>("--split") { Description = "Take the rows to train on from digit K (from 0) of each line of a file; # lines are skipped.", HelpName = "FILE:K" };
        var report = new Option<string>("--report") { Description = "Also write an HTML page with curves, distribution and contributing features.", HelpName = "FILE" };
        var scores = new Option<string>("--write-scores") { Description = "Also write the score of every tested row: CSV with row, label and score.", HelpName = "FILE" };
        var output = CommonOptions.OutputFormat();
        var command = new Command("evaluate", "Train and test on labelled records; AUC-ROC, AUC-PR, confusion at the learned threshold, HTML report.") { protocol, split, data.TrainWhere, output, report, scores };
        data.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var loaded = LoadedRecords.Load(environment, parsed, data);
            var labels = loaded.ReadLabels();
            var rows = Split(TrainingCondition.Parse(parsed.GetValue(data.TrainWhere)), parsed.GetValue(split), parsed.GetValue(protocol) == "unsupervised", loaded, labels);
            EvaluationResult result;
            RecordBatch test;
            var fitter = CommandFitter.Create(environment, parsed, data, loaded.Detector);
            using (var progress = new TrainingProgressLine(environment))
                (result, test) = Evaluator.Run(loaded, labels, rows, environment.Time, progress, fitter, cancellationToken);

            if (parsed.GetValue(report) is { } page)
                OutputFile.Write(page, EvaluationReport.Write(result, EvaluationDetails.Explain(result, test), environment.Time.GetUtcNow()));

            if (parsed.GetValue(scores) is { } table)
                OutputFile.Write(table, EvaluationScores.Csv(result, test));

            if (parsed.GetValue(output) == "json")
            {
                environment.Output.WriteLine(EvaluationText.Json(result));
            }
            else
            {
                foreach (var line in EvaluationText.Lines(result))
                    environment.Output.WriteLine(line);
            }

            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static RowSplit Split(TrainingCondition? where, string? mask, bool isUnsupervised, LoadedRecords loaded, bool[] labels)
    {
        if (where is not null)
        {
            return isUnsupervised || mask is not null
                ? throw new UsageException("--train-where says which rows are trained on; leave --split and --protocol unsupervised out.")
                : where.Split(loaded);
        }

        if (mask is null && !isUnsupervised && SequenceOptions.WindowOf(loaded.Detector.Model!) > 1)
        {
            throw new UsageException(
                $"variant {VariantCatalog.Describe(loaded.Detector.Model!).Name} reads records in their order, which a random half of the normal rows does not keep; say which rows are trained on: --train-where COL=VALUE, --split FILE:K or --protocol unsupervised.");
        }

        if (mask is null)
            return isUnsupervised ? RowSplit.Unsupervised(labels.Length) : RowSplit.Semi(labels, loaded.Detector.Fit.Seed);
        if (isUnsupervised)
            throw new UsageException("--split says which rows are trained on; leave --protocol unsupervised out.");

        var colon = mask.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(mask.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var digit))
            throw new UsageException($"--split: found '{mask}'; expected FILE:K, K being the number of a digit from 0.");
        var path = mask[..colon];
        return RowSplit.ByFileRows(SplitMask.Read(path, digit, loaded.Records.Count + loaded.BadRows.Count), loaded.Records, $"digit {digit} of {Path.GetFileName(path)}");
    }
}
