using System.Collections.Concurrent;
using System.Text;
using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>Collects what came of the cases from the field, and writes it as a table beside the tests when all have run.</summary>
public sealed class CaseTable : IDisposable
{
    private const int MostShown = 140;

    private readonly ConcurrentQueue<string> _rows = new();

    /// <summary>Finds a file of the folder of cases.</summary>
    public static string Find(string file) => Path.Combine(TestEnvironment.CasesFolder!, file);

    /// <summary>Notes a case, and fails where it is not as expected.</summary>
    /// <param name="name">File or situation.</param>
    /// <param name="command">What was done with it.</param>
    /// <param name="expected">Texts that must stand in what was found, between bars; one after "!" must not.</param>
    /// <param name="found">What was found.</param>
    public void Check(string name, string command, string expected, string found)
    {
        var parts = expected.Split(" | ");
        var wrong = Array.Find(parts, part => IsUnwanted(part) == found.Contains(Bare(part), StringComparison.Ordinal));
        var shown = Around(found, Bare(wrong ?? Array.FindLast(parts, part => !IsUnwanted(part)) ?? ""));
        _rows.Enqueue($"| {Cell(name)} | {Cell(command)} | {Cell(expected)} | {Cell(shown)} | {(wrong is null ? "yes" : "no: " + Cell(wrong))} |");
        Assert.True(wrong is null, $"expected {wrong}, found {found}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var table = new StringBuilder("| case | command | expected | found | ok |\n|---|---|---|---|---|\n");
        foreach (var row in _rows.Order(StringComparer.Ordinal))
            table.Append(row).Append('\n');
        if (!_rows.IsEmpty)
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "cases.md"), table.ToString());
    }

    private static bool IsUnwanted(string part) => part.StartsWith("! ", StringComparison.Ordinal);

    private static string Bare(string part) => IsUnwanted(part) ? part[2..] : part;

    // The place that was looked for, else the beginning.
    private static string Around(string text, string part)
    {
        var at = Math.Max(0, text.IndexOf(part, StringComparison.Ordinal));
        var from = Math.Max(0, Math.Min(at - 30, text.Length - MostShown));
        return text.Length <= MostShown ? text : $"{(from > 0 ? "..." : "")}{text.Substring(from, MostShown)}{(from + MostShown < text.Length ? "..." : "")}";
    }

    private static string Cell(string text) =>
        string.Concat(text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ").Trim().Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
