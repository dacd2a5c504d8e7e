namespace AEAnomaly.TestKit;

/// <summary>What the machine offers the tests, by environment variable; <c>test.sh --help</c> lists them.</summary>
public static class TestEnvironment
{
    public const string KafkaHomeVariable = "AEANOMALY_TEST_KAFKA_HOME";
    public const string KafkaImageVariable = "AEANOMALY_TEST_KAFKA_IMAGE";
    public const string KafkaVariable = "AEANOMALY_TEST_KAFKA";
    public const string DataVariable = "AEANOMALY_DATA";
    public const string CasesVariable = "AEANOMALY_CASES";

    /// <summary>The image that stands for none.</summary>
    public const string NoImage = "none";

    private const string DefaultKafkaImage = "apache/kafka:4.1.1";

    /// <summary>The image that brokers in containers are made from, or <see cref="NoImage"/>.</summary>
    public static string KafkaImage => Read(KafkaImageVariable) ?? DefaultKafkaImage;

    /// <summary>The folder of an unpacked Apache Kafka (with <c>libs/*.jar</c>), or null.</summary>
    public static string? KafkaHome => Read(KafkaHomeVariable);

    /// <summary>The bootstrap servers of a cluster that is already running, or null.</summary>
    public static string? KafkaBootstrapServers => Read(KafkaVariable);

    /// <summary>The folder of the public data sets, or null.</summary>
    public static string? DataFolder => Read(DataVariable);

    /// <summary>The folder of odd input from the field, or null.</summary>
    public static string? CasesFolder => Read(CasesVariable) is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The folder of the checkout that these tests were built from.</summary>
    public static string RepositoryFolder
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "AEAnomaly.sln")))
                folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds AEAnomaly.sln");
            return folder;
        }
    }

    /// <summary>Says where tests ran, as the end of a sentence, and why on nothing better.</summary>
    public static string BrokerDescription
    {
        get
        {
            if (KafkaBootstrapServers is { } servers)
                return $"on a running cluster: {servers}";
            var description = BrokerSource.Here?.Description ?? "on the embedded cluster";
            return BrokerSource.WhyNotBetter.Length == 0 ? description : $"{description} ({BrokerSource.WhyNotBetter})";
        }
    }

    /// <summary>Says why tests against a real broker cannot run here.</summary>
    /// <param name="needsControl">Whether the test kills, pauses or restarts the broker, so that a cluster somebody else runs will not do.</param>
    /// <returns>The reason, or null when they can run.</returns>
    public static string? WhyNoRealBroker(bool needsControl) =>
        (KafkaBootstrapServers is not null && !needsControl) || BrokerSource.Here is not null ? null : BrokerSource.WhyNotBetter;

    /// <summary>Says why no broker can be started from an unpacked Kafka, or null.</summary>
    public static string? WhyNoUnpackedBroker => UnpackedKafka.Find() is (null, var whyNot) ? whyNot : null;

    /// <summary>Says why cases from the field cannot be run here.</summary>
    /// <param name="needsRealBroker">Whether they are played on a real broker.</param>
    /// <returns>The reason, or null when they can.</returns>
    public static string? WhyNoCases(bool needsRealBroker) => CasesFolder switch
    {
        null => $"{CasesVariable} is not set: it names the folder of odd input from the field",
        var folder when !Directory.Exists(folder) => $"{CasesVariable} is '{folder}', which is no folder",
        _ => needsRealBroker ? WhyNoRealBroker(needsControl: false) : null,
    };

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
