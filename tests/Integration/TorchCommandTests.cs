using System.Globalization;
using System.Text.Json;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Training with libtorch in a process of its own, started by a command; needs no broker.</summary>
public sealed class TorchCommandTests
{
    [TorchTheory]
    [MemberData(nameof(TorchVariantTests.Variants), MemberType = typeof(TorchVariantTests))]
    public async Task Train_DeviceTorch_StoresAVersionThatScores(string variant)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("readings.csv", Readings(400));
        var config = folder.Write(
            "readings.yaml",
            $$"""
            kafka: { bootstrap_servers: "localhost:9092" }
            models: { directory: "{{folder["models"]}}" }
            detectors:
              - name: readings
                topics: [readings]
                fields:
                  - { name: meter, kind: key }
                  - { name: current, kind: numeric }
                  - { name: power, kind: numeric }
                  - { name: mode, kind: categorical }
                fit: { max_steps: {{TorchVariantTests.Steps}} }
                model: { variant: {{variant}}{{(variant == "cross-domain" ? ", first_fields: [power]" : "")}} }
            """);

        var train = await CommandRun.Of("train", "--config", config, "--data", data, "--device", "torch", "--output", "json");
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Equal("torch", JsonSerializer.Deserialize<JsonElement>(train.Output).GetProperty("device").GetString());
        var score = await CommandRun.Of("score", "--config", config, "--data", data);

        Assert.True(score.ExitCode == 0, score.Error);
        var verdicts = score.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("verdict").GetString()).ToArray();
        Assert.Equal(400, verdicts.Length);
        Assert.Contains("normal", verdicts);
    }

    private static string Readings(int rows)
    {
        var random = new Random(80);
        var text = new System.Text.StringBuilder("meter,current,power,mode\n");
        for (var i = 0; i < rows; i++)
        {
            var current = 8 + (random.NextDouble() * 4);
            text.Append(CultureInfo.InvariantCulture, $"m{i % 4},{current:F3},{current * 230 * (1 + (0.01 * random.NextDouble())):F1},{(random.Next(3) == 0 ? "eco" : "normal")}\n");
        }

        return text.ToString();
    }
}
