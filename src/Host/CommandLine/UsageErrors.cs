using System.CommandLine;
using System.CommandLine.Parsing;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            // What follows an unknown word is unknown only because of it.
            var word = parsed.UnmatchedTokens[0];
            var isOption = word.StartsWith('-');
            var known = isOption ? Options(parsed).ToArray() : [.. command.Subcommands.Select(c => c.Name)];
            var near = ClosestName.Find(word, known);
            var what = isOption ? "option" : known.Length > 0 ? "command" : "word";
            yield return $"unknown {what} '{word}'{(near is not null ? $"; did you mean '{near}'?" : known.Length > 0 ? $"; there are {string.Join(", ", known)}." : ".")}";
            yield break;
        }

        foreach (var message in parsed.Errors.Select(e => Message(e, command)).Distinct(StringComparer.Ordinal))
            yield return message;
    }

    private static string Message(ParseError error, Command command)
    {
        if (command.Subcommands.Count > 0 && error.Message.StartsWith("Required command", StringComparison.Ordinal))
            return $"say what to do: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.";

        // The library names .NET types here.
        if (error.SymbolResult is OptionResult { Tokens: [var found, ..] } result && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal))
        {
            var type = Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType;
            return $"{result.Option.Name}: found '{found.Value}'; expected {OptionsExpectation.Describe(type, null)}.";
        }

        return error.Message;
    }

    private static IEnumerable<string> Options(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command.Options.Select(o => o.Name).Append("--verbose").Append("--help");
    }
}
