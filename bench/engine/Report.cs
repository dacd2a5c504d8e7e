using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AEAnomaly.Bench.Engine;

/// <summary>Writes the results: everything as JSON, what the targets are about as a table.</summary>
internal static class Report
{
    public static void Write(Options options, string against, IReadOnlyList<Sample> samples, IReadOnlyList<CostSample> costs)
    {
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var report = new
        {
            date,
            processor = Machine.Processor,
            commit = Machine.Commit,
            loadAverage = Machine.LoadAverage,
            slices = options.Slices,
            peer = against,
            samples,
            costs,
        };
        File.WriteAllText(options.Out + ".json", JsonSerializer.Serialize(report, Machine.Json) + "\n");
        File.WriteAllText(options.Out + ".md", Table(date, options, against, samples, costs));
    }

    private static string Table(string date, Options options, string against, IReadOnlyList<Sample> samples, IReadOnlyList<CostSample> costs)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Engine, {date}\n\n{Machine.Processor}; registers {options.Width}; commit {Machine.Commit}; load {Machine.LoadAverage}; ");
        text.Append(CultureInfo.InvariantCulture, $"one thread, processor time, median of {options.Slices} slices.\n{against}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| work | of peak | us a call | rows a second |{string.Concat(LibtorchPeers.Names.Select(name => $" times {name} |"))}\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---|---|---|{string.Concat(LibtorchPeers.Names.Select(_ => "---|"))}\n");
        foreach (var sample in samples.Where(sample => !sample.Name.StartsWith("product", StringComparison.Ordinal)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {sample.Name} | {sample.FractionOfPeak:P1} | {sample.MicrosecondsPerCall:F2} | {sample.ItemsPerSecond:F0} |");
            foreach (var name in LibtorchPeers.Names)
                text.Append(Ratio(sample.Peers.FirstOrDefault(peer => peer.Name == name)));
            text.Append('\n');
        }

        if (costs.Count > 0)
            text.Append("\nScoring with each variant, default options, batches of 256, beside `ae` of the same input width:\n\n| variant | features | us a row | times ae | least - most |\n|---|---|---|---|---|\n");
        foreach (var cost in costs)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {cost.Variant} | {cost.Features} | {cost.MicrosecondsPerRow:F2} | {cost.TimesPlain:F2} | {cost.Least:F2} - {cost.Most:F2} |\n");
        }

        return text.ToString();
    }

    private static string Ratio(PeerResult? peer) =>
        peer is null ? " |" : string.Create(CultureInfo.InvariantCulture, $" {peer.Ratio:F2} ({peer.Least:F2} - {peer.Most:F2}) |");
}
