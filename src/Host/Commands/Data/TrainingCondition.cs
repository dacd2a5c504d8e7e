using System.Text;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Says which rows are trained on: those in which a column has a value (<c>--train-where COL=VALUE</c>).</summary>
/// <param name="Column">Column.</param>
/// <param name="Value">Value, compared as text.</param>
internal sealed record TrainingCondition(string Column, string Value)
{
    private const int MostValuesShown = 8;

    /// <summary>Reads the words of the command line.</summary>
    /// <exception cref="UsageException">There is no equals sign after a column.</exception>
    public static TrainingCondition? Parse(string? text)
    {
        if (text is null)
            return null;
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new TrainingCondition(text[..at], text[(at + 1)..])
            : throw new UsageException($"--train-where: found '{text}'; expected COL=VALUE.");
    }

    /// <summary>Splits records; what is not trained on is tested.</summary>
    /// <exception cref="CommandFailedException">No record or every record has the value.</exception>
    public RowSplit Split(LoadedRecords loaded)
    {
        var field = DetectorDeclaration.IndexOf(loaded.Detector, Column, "--train-where", loaded.Source);
        var (training, test) = (new List<int>(), new List<int>());
        var wanted = Encoding.UTF8.GetBytes(Value);
        var values = new HashSet<string>(StringComparer.Ordinal);
        for (var row = 0; row < loaded.Records.Count; row++)
        {
            var value = loaded.Records.Text(field, row);
            (value.SequenceEqual(wanted) ? training : test).Add(row);
            if (values.Count < MostValuesShown)
                values.Add(Encoding.UTF8.GetString(value));
        }

        if (training.Count == 0 || test.Count == 0)
        {
            throw new CommandFailedException(
                $"{loaded.Source}: --train-where {Column}={Value} takes {(training.Count == 0 ? "no row" : "every row")}; training and testing need some each. The column holds {string.Join(", ", values.Order(StringComparer.Ordinal))}.");
        }

        return new RowSplit([.. training], [.. test], $"rows with {Column} = {Value} trained, the others tested");
    }
}
