using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Checks options against their declared ranges before any work is done.</summary>
internal static class OptionsCheck
{
    private const int LargestHidden = 65_536;

    /// <summary>Checks every declared range.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all of them.</exception>
    public static void Require(object options)
    {
        var problems = Problems(options);
        if (problems.Count > 0)
            throw new ArgumentException($"{options.GetType().Name}: {string.Join(" ", problems)}", nameof(options));
    }

    /// <summary>Lists what is out of range, one sentence each.</summary>
    public static IReadOnlyList<string> Problems(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var problems = results.Select(result => result.ErrorMessage ?? "A value is out of range.").ToList();
        if (options is VariantOptions variant)
        {
            problems.AddRange(variant.Hidden
                .Where(width => width is < 1 or > LargestHidden)
                .Select(width => $"The field {nameof(VariantOptions.Hidden)} has a width of {width}; allowed are 1 to {LargestHidden}."));
            problems.AddRange(ScoreKinds.Problems(variant).Select(problem => $"The field {nameof(VariantOptions.Scores)}, item {problem.Index}: {problem.Text}"));
        }

        if (options is EnsembleOptions { Members: { } members })
        {
            for (var i = 0; i < members.Count; i++)
            {
                var name = $"{nameof(EnsembleOptions.Members)}[{i}]";
                if (members[i] is not { } member)
                    problems.Add($"The field {name} is empty.");
                else if (!EnsembleOptions.CanHold(member.GetType()))
                    problems.Add($"The field {name} is {member.GetType().Name}; an ensemble holds variants that read single records, and no ensemble.");
                else
                    problems.AddRange(Problems(member).Select(problem => $"{name}: {problem}"));
            }
        }

        return problems;
    }
}
