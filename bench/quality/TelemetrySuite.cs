using System.Globalization;
using AEAnomaly.Detection.Evaluation;

namespace AEAnomaly.Bench.Quality;

/// <summary>Trains on the first part of a machine's record and judges every point of the second; the records of a file are one sequence.</summary>
internal sealed class TelemetrySuite(Arguments arguments, Product product) : Suite(arguments, product)
{
    /// <summary>Steps of the trailing mean.</summary>
    public const int SmoothedSteps = 10;

    protected override string Folder => Path.Combine(Arguments.Data, "telemetry");

    public override string Split => "time";

    protected override IReadOnlyList<string> Dropped => ["step"];

    protected override IEnumerable<RunName> Names(string set, Candidate candidate) => Arguments.Seeds.Select(seed => new RunName(Split, set, candidate.Name, seed));

    protected override IReadOnlyList<string> SplitWords(string file, RunName name, string scratch) => ["--train-where", "part=train"];

    // A mean of what is known at each step, so that it could be had live.
    protected override (double AucPr, double AucRoc)? Smooth(string scores)
    {
        var rows = File.ReadLines(scores).Skip(1).Select(line => line.Split(',')).ToArray();
        var values = Array.ConvertAll(rows, row => double.Parse(row[2], CultureInfo.InvariantCulture));
        var smooth = new float[values.Length];
        for (var i = 0; i < smooth.Length; i++)
        {
            var first = Math.Max(0, i + 1 - SmoothedSteps);
            smooth[i] = (float)values[first..(i + 1)].Average();
        }

        var quality = DetectionQuality.Measure(smooth, Array.ConvertAll(rows, row => row[1] == "1"), 0);
        return (quality.AucPr, quality.AucRoc);
    }
}
