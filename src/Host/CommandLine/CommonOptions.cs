using System.CommandLine;
using System.Globalization;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.CommandLine;

/// <summary>Options that several commands share, so that they read and work the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<string> Config() => new("--config", "-c") { Description = "Configuration file (YAML).", HelpName = "FILE" };

    public static Option<string> OutputFormat() => OneOf("--output", "text for people, json for programs.", "text", "json");

    /// <summary>Creates an option that takes one of a few words, the first when not given.</summary>
    public static Option<string> OneOf(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => words[0] };
        option.AcceptWords(words);
        return option;
    }

    /// <summary>Has an option take one of a few words.</summary>
    public static void AcceptWords(this Option<string> option, params string[] words) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var word, ..] && !words.Contains(word.Value))
            result.AddError($"{option.Name}: found '{word.Value}'; expected one of {string.Join(", ", words)}.");
    });

    /// <summary>Has an option take whole numbers of a range.</summary>
    public static void AcceptRange(this Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var word, ..] && int.TryParse(word.Value, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
            result.AddError($"{option.Name}: found '{number}'; expected a whole number from {least} to {most}.");
    });

    /// <summary>Has an option take brokers.</summary>
    public static void AcceptBrokers(this Option<string> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var word, ..] && BrokerAddresses.Problem(word.Value) is { } problem)
            result.AddError($"{option.Name}: {problem}.");
    });

    /// <summary>Loads a configuration; warnings go to standard error.</summary>
    /// <param name="environment">Environment of the command.</param>
    /// <param name="file">YAML file, or "-" for standard input.</param>
    /// <param name="rules">What this command needs beside what any does.</param>
    public static AEAnomalyOptions LoadConfiguration(
        this CommandEnvironment environment, string file, Action<AEAnomalyOptions, ConfigurationErrors>? rules = null)
    {
        using var input = file == "-" ? environment.OpenInput() : null;
        return ConfigurationLoader.Load(file, environment.Variables, input, warning => environment.Warn(warning.ToString()), rules);
    }
}
