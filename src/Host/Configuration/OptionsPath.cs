namespace AEAnomaly.Host.Configuration;

/// <summary>Builds key paths as users read them.</summary>
internal static class OptionsPath
{
    private static readonly string[] SecretWords = ["password", "secret", "token", "sasl.jaas.config", "ssl.key.pem", "credentials"];

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Tells whether a path names something that must not be printed.</summary>
    public static bool IsSecret(string path) => Array.Exists(SecretWords, word => path.Contains(word, StringComparison.OrdinalIgnoreCase));
}
