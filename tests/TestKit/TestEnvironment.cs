namespace AEAnomaly.TestKit;

/// <summary>What the machine offers the tests, by environment variable.</summary>
public static class TestEnvironment
{
    public const string KafkaHomeVariable = "AEANOMALY_TEST_KAFKA_HOME";
    public const string KafkaVariable = "AEANOMALY_TEST_KAFKA";
    public const string DataVariable = "AEANOMALY_DATA";

    /// <summary>The folder of an unpacked Apache Kafka (with <c>libs/*.jar</c>), or null.</summary>
    public static string? KafkaHome => Read(KafkaHomeVariable);

    /// <summary>The bootstrap servers of a cluster that is already running, or null.</summary>
    public static string? KafkaBootstrapServers => Read(KafkaVariable);

    /// <summary>The folder of the public data sets, or null.</summary>
    public static string? DataFolder => Read(DataVariable);

    /// <summary>Says why tests against a real broker cannot run here.</summary>
    /// <param name="needsControl">Whether the test kills, pauses or restarts the broker.</param>
    /// <returns>The reason, or null when they can run.</returns>
    public static string? WhyNoRealBroker(bool needsControl)
    {
        if (KafkaHome is { } home)
        {
            return Directory.Exists(Path.Combine(home, "libs")) ? null : $"{KafkaHomeVariable} is '{home}', which has no folder libs";
        }

        if (needsControl)
        {
            return $"{KafkaHomeVariable} is not set: it names an unpacked Apache Kafka, from which the test starts a broker it can stop";
        }

        return KafkaBootstrapServers is null
            ? $"neither {KafkaHomeVariable} (an unpacked Apache Kafka) nor {KafkaVariable} (bootstrap servers) is set"
            : null;
    }

    /// <summary>Finds a program on the PATH.</summary>
    /// <returns>Its full path, or null.</returns>
    public static string? FindTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
