using System.Globalization;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Tells how far our engine and torch are apart.</summary>
/// <param name="Subject">What was judged: an operation, a kernel, a variant.</param>
/// <param name="Compared">Number of tensors compared.</param>
/// <param name="Values">Largest relative difference of what was computed; see <see cref="Difference"/>.</param>
/// <param name="Gradients">Largest relative difference of gradients; 0 where none were compared.</param>
/// <param name="Worst">Where the gradients differ most, or empty.</param>
internal sealed record Verdict(string Subject, int Compared, double Values, double Gradients = 0, string Worst = "")
{
    /// <summary>Takes the worse of two verdicts on the same subject.</summary>
    public Verdict With(Verdict other) => new(
        Subject,
        Compared + other.Compared,
        Math.Max(Values, other.Values),
        Math.Max(Gradients, other.Gradients),
        other.Gradients > Gradients ? other.Worst : Worst);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Subject}: values {Values:0.0E+0}, gradients {Gradients:0.0E+0}{(Worst.Length > 0 ? $" ({Worst})" : "")}, {Compared} tensors");
}
