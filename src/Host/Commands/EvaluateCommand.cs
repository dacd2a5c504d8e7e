using System.CommandLine;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Host.Commands.Evaluation;
using AEAnomaly.Host.Reports;

namespace AEAnomaly.Host.Commands;

/// <summary><c>evaluate</c>: measures on labelled records how well anomalies are told from normal ones.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var data = new DataOptions();
        var protocol = CommonOptions.OneOf(
            "--protocol", "semi: train on half of the normal rows, test on the rest; unsupervised: train and test on all rows.", "semi", "unsupervised");
        var report = new Option<string>("--report") { Description = "Also write an HTML page with curves, distribution and contributing features.", HelpName = "FILE" };
        var output = CommonOptions.OutputFormat();
        var command = new Command("evaluate", "Train and test on labelled records; AUC-ROC, AUC-PR, confusion at the learned threshold, HTML report.") { protocol, output, report };
        data.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var loaded = LoadedRecords.Load(environment, parsed, data);
            var labels = loaded.ReadLabels();
            var split = parsed.GetValue(protocol) == "unsupervised" ? RowSplit.Unsupervised(labels.Length) : RowSplit.Semi(labels, loaded.Detector.Fit.Seed);
            EvaluationResult result;
            RecordBatch test;
            using (var progress = new TrainingProgressLine(environment))
                (result, test) = Evaluator.Run(loaded, labels, split, environment.Time, progress, cancellationToken);

            if (parsed.GetValue(report) is { } page)
                OutputFile.Write(page, EvaluationReport.Write(result, EvaluationDetails.Explain(result, test), environment.Time.GetUtcNow()));

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
}
