using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Fitting;

/// <summary>Checks options against their declared ranges before any work is done.</summary>
internal static class OptionsCheck
{
    /// <summary>Checks every declared range.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all of them.</exception>
    public static void Require(object options) => Require(options, Problems(options));

    /// <summary>Refuses options that something is wrong with.</summary>
    /// <param name="options">Options.</param>
    /// <param name="problems">What is wrong with them, one sentence each.</param>
    /// <exception cref="ArgumentException">There is a problem; the message lists all of them.</exception>
    public static void Require(object options, IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw new ArgumentException($"{options.GetType().Name}: {string.Join(" ", problems)}", nameof(options));
    }

    /// <summary>Lists what is out of range, one sentence each.</summary>
    public static IReadOnlyList<string> Problems(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage ?? "A value is out of range.")];
    }
}
