using AEAnomaly.Models.Torch.Tests.Judging;

namespace AEAnomaly.Models.Torch.Tests;

/// <summary>Fails with every verdict that is out of bounds on a line of its own.</summary>
internal static class Bounds
{
    public static void AssertWithin(IReadOnlyCollection<Verdict> verdicts, double values, double gradients = 0)
    {
        Assert.NotEmpty(verdicts);
        var beyond = verdicts.Where(verdict => !(verdict.Values <= values && verdict.Gradients <= gradients)).ToArray();
        Assert.True(beyond.Length == 0, $"{beyond.Length} of {verdicts.Count} beyond {values:0.0E+0} and {gradients:0.0E+0}:\n  {string.Join("\n  ", beyond.AsEnumerable())}");
    }
}
