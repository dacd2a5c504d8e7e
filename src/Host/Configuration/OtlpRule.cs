namespace AEAnomaly.Host.Configuration;

/// <summary>Checks the address that metrics and traces are sent to.</summary>
internal static class OtlpRule
{
    private const string Key = "otlp.endpoint";

    public static void Check(string? endpoint, ConfigurationErrors errors)
    {
        if (endpoint is null || errors.Concerns(Key))
            return;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            errors.Add(Key, $"found '{endpoint}'; expected an address such as http://localhost:4317.");
        else if (uri.UserInfo.Length > 0)
            errors.Add(Key, "found a user or password (not shown) in the address; what the collector wants to see goes into otlp.headers.");
    }
}
