namespace AEAnomaly.Architecture.Tests;

/// <summary>Fails with every finding on a line of its own, where the framework's own message would cut the list short.</summary>
internal static class Findings
{
    public static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.ToArray();
        Assert.True(all.Length == 0, $"{all.Length} found:\n  {string.Join("\n  ", all)}");
    }
}
