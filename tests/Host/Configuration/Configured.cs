using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

/// <summary>Loads configurations from text, as the commands do from standard input.</summary>
internal static class Configured
{
    public const string Minimal =
        """
        kafka:
          bootstrap_servers: localhost:9092
        detectors:
          - name: payments
            topics: [payments]
            fields:
              - name: amount
                kind: numeric

        """;

    public static AEAnomalyOptions Load(string yaml, params (string Name, string Value)[] variables) =>
        ConfigurationLoader.LoadText(yaml, "standard input", variables.ToDictionary(v => v.Name, v => v.Value));

    public static string[] Errors(string yaml, params (string Name, string Value)[] variables) =>
        [.. Assert.Throws<ConfigurationException>(() => Load(yaml, variables)).Errors.Select(e => e.ToString().Replace("standard input:", "line ", StringComparison.Ordinal))];
}
