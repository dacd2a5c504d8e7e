using System.Globalization;
using AEAnomaly.Bench.Engine;
using AEAnomaly.Torch;

var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(
        "usage: AEAnomaly.Bench.Engine [--out FILES] [--slices N] [--only WORD] [--width Bits512|Bits256|Bits128|Scalar]\n"
        + "       AEAnomaly.Bench.Engine --judge FILE");
    return 2;
}

if (options.Judge is not null)
    return JudgeReport.Write(options.Judge) ? 0 : 1;

var library = TorchLibrary.Load(threads: 1);
var against = library.Problem is { } problem ? $"libtorch is left out: {problem}" : $"libtorch {TorchLibrary.Version} in the same process, on one thread";
Console.WriteLine($"{Machine.Processor}, registers {options.Width}, median of {options.Slices} slices, one thread, processor time");
Console.WriteLine(against);
Console.WriteLine($"{"",-58} {"of peak",8} {"Gflop/s",8} {"us/call",10} {"rows/s",12} {string.Concat(LibtorchPeers.Names.Select(name => $"{$"x {name}",20}"))}");
var samples = new List<Sample>();
var sampler = new Sampler(options, library.IsAvailable);
foreach (var sample in ScoringBench.Run(sampler, options.Width).Concat(TrainingBench.Run(sampler)).Concat(MatrixBench.Run(sampler, options.Width)).OfType<Sample>())
{
    samples.Add(sample);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{sample.Name,-58} {sample.FractionOfPeak,8:P1} {sample.GigaflopsPerSecond,8:F1} {sample.MicrosecondsPerCall,10:F3} {sample.ItemsPerSecond,12:F0} {string.Concat(sample.Peers.Select(peer => string.Create(CultureInfo.InvariantCulture, $"{peer.Ratio,20:F2}")))}"));
}

var costs = new List<CostSample>();
foreach (var cost in CostBench.Run(options))
{
    costs.Add(cost);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{$"cost {cost.Variant}, {cost.Features} features",-58} {cost.MicrosecondsPerRow,10:F3} us/row {cost.TimesPlain,8:F2} x ae"));
}

if (options.Out is not null)
    Report.Write(options, against, samples, costs);

return 0;
