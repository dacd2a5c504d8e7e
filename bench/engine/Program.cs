using System.Globalization;
using System.Text.Json;
using AEAnomaly.Bench.Engine;

// Usage: dotnet run -c Release --project bench/engine -- [--out FILE] [--slices N]
var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine("usage: AEAnomaly.Bench.Engine [--out FILE] [--slices N] [--width Bits512|Bits256|Bits128|Scalar]");
    return 2;
}

var samples = new List<Sample>();
Console.WriteLine($"{Machine.Processor}, registers {options.Width}, median of {options.Slices} slices, one thread, processor time");
Console.WriteLine($"{"",-58} {"of peak",8} {"Gflop/s",8} {"us/call",10} {"rows/s",12}");
var sampler = new Sampler(options.Width, options.Slices);
foreach (var sample in ScoringBench.Run(sampler, options.Width).Concat(MatrixBench.Run(sampler, options.Width)).Concat(TrainingBench.Run(sampler)))
{
    samples.Add(sample);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{sample.Name,-58} {sample.FractionOfPeak,8:P1} {sample.GigaflopsPerSecond,8:F1} {sample.MicrosecondsPerCall,10:F3} {sample.ItemsPerSecond,12:F0}"));
}

if (options.Out is not null)
{
    var report = new
    {
        date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        processor = Machine.Processor,
        commit = Machine.Commit,
        loadAverage = Machine.LoadAverage,
        slices = options.Slices,
        samples,
    };
    File.WriteAllText(options.Out, JsonSerializer.Serialize(report, Machine.Json) + "\n");
}

return 0;
