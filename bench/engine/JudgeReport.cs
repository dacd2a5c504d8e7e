using System.Globalization;
using System.Text;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Torch;
using TorchSharp;

namespace AEAnomaly.Bench.Engine;

/// <summary>Writes how far the engine and libtorch are apart: what the tests of tests/Models.Torch bound, as figures.</summary>
internal static class JudgeReport
{
    /// <summary>Judges everything on one thread.</summary>
    /// <param name="path">File to write, a table in Markdown.</param>
    /// <returns>False where libtorch cannot be loaded; the reason is on standard error.</returns>
    public static bool Write(string path)
    {
        var library = TorchLibrary.Load(threads: 1);
        if (library.Problem is { } problem)
        {
            Console.Error.WriteLine($"error: {problem}");
            return false;
        }

        var text = new StringBuilder();
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"# The engine beside libtorch {TorchLibrary.Version}, {date}\n\n{Machine.Processor}; commit {Machine.Commit}. ");
        text.Append("Every figure is the largest difference of any element, relative to the larger of that element and the root mean square of its tensor.\n");

        text.Append("\n## Operations\n\nValues by libtorch's kernels, gradients by its autograd, at odd sizes from 1 to 33.\n\n| operation | tensors | values | gradients |\n|---|---|---|---|\n");
        foreach (var verdict in OperationCases.Judge(() => new CpuDevice(), () => new TorchDevice(torch.CPU)))
            text.Append(CultureInfo.InvariantCulture, $"| {verdict.Subject} | {verdict.Compared} | {verdict.Values:0.0E+0} | {verdict.Gradients:0.0E+0} |\n");

        text.Append("\n## Variants\n\nLosses and gradients of every phase and objective, 37 rows: forward on libtorch without our tape, gradients by its autograd. ");
        text.Append("Mixed rows have every kind of field, a tenth of the values missing.\n\n");
        text.Append("| variant | tensors | losses, real | gradients, real | losses, mixed | gradients, mixed | worst of the mixed |\n|---|---|---|---|---|---|---|\n");
        foreach (var variant in VariantCase.All)
        {
            var (real, mixed) = (Judge(variant, "real"), Judge(variant, "mixed"));
            text.Append(CultureInfo.InvariantCulture, $"| {variant.Name} | {real.Compared + mixed.Compared} | {real.Values:0.0E+0} | {real.Gradients:0.0E+0} | ");
            text.Append(CultureInfo.InvariantCulture, $"{mixed.Values:0.0E+0} | {mixed.Gradients:0.0E+0} | {mixed.Worst} |\n");
        }

        text.Append("\n## Kernels\n\nEvery kernel of the device that trains with libtorch beside the same kernel of the processor's own device, at sizes from 1 to 256.\n\n");
        text.Append("| kernel | tensors | difference |\n|---|---|---|\n");
        foreach (var verdict in KernelCases.Judge(() => new CpuDevice(), () => new TorchDevice(torch.CPU)))
            text.Append(CultureInfo.InvariantCulture, $"| {verdict.Subject} | {verdict.Compared} | {verdict.Values:0.0E+0} |\n");
        File.WriteAllText(path, text.ToString());
        return true;
    }

    private static Verdict Judge(VariantCase variant, string kind) => variant.Judge(kind, new CpuDevice(), new TorchDevice(torch.CPU));
}
