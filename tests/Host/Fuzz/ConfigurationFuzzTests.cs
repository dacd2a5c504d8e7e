using System.Text;
using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit.Fuzzing;

namespace AEAnomaly.Host.Tests.Fuzz;

/// <summary>Damaged configuration files: read, or refused with every error in one list.</summary>
public sealed class ConfigurationFuzzTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private const string Small =
        """
        kafka:
          bootstrap_servers: localhost:9092
          properties: { security.protocol: sasl_ssl, sasl.password: 'x' }
        http: { listen: 'http://127.0.0.1:9464' }
        detectors:
          - name: payments
            topics: [payments]
            fields:
              - { name: card, kind: key }
              - { name: amount, path: a.b, kind: numeric, unit: EUR }
            model: { variant: denoising, hidden: [16, 8], latent: 4 }
            training: { every: 24h, window: 7d, min_records: 1000 }
            alerts: { topic: alerts, tenant: x }

        """;

    [Fact]
    public void Load_DamagedFiles_AreReadOrRefusedWithTheReason() => Assert.NotEqual(0, FuzzRun.Run(
        "configurations", 25_000, [Encoding.UTF8.GetBytes(Small), Encoding.UTF8.GetBytes(Small.Replace("\n", "\r\n", StringComparison.Ordinal))],
        ["\n", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!binary ", "|\n", ">\n", "'", "\"", "#", "---\n", "...\n", "? ", "<<: ", "${X}", "${file:/nowhere}", "detectors:", "model:", "variant: ensemble", "members:", "\t", "0x10", "1_000", "~", "30m"],
        content =>
        {
            try
            {
                ConfigurationLoader.Load("-", NoVariables, new MemoryStream(content.ToArray()));
                return "read";
            }
            catch (ConfigurationException refusal)
            {
                Assert.NotEmpty(refusal.Errors);
                Assert.All(refusal.Errors, error => Assert.NotEmpty(error.ToString()));
                return "refused";
            }
        }).GetValueOrDefault("read"));
}
