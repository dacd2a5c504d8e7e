namespace AEAnomaly.Host.Configuration;

/// <summary>Builds key paths as users read them.</summary>
internal static class OptionsPath
{
    private static readonly string[] SecretWords = ["password", "secret", "token", "sasl.jaas.config", "ssl.key.pem", "credentials"];

    /// <summary>The table of librdkafka's properties.</summary>
    public const string KafkaProperties = "kafka.properties";

    /// <summary>The token of the admin API.</summary>
    public const string AdminToken = "http.admin_token";

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Gives the key of an entry of a table: names of variables cannot hold the dots of names such as sasl.password; a key that only a variable names gets them here.</summary>
    public static string KeyInTable(MappingEntry entry) => entry.Origin.Variable is null ? entry.Key : entry.Key.Replace('_', '.');

    /// <summary>Tells whether a path names something that must not be printed.</summary>
    public static bool IsSecret(string path) => Array.Exists(SecretWords, word => path.Contains(word, StringComparison.OrdinalIgnoreCase));
}
