namespace AEAnomaly.Host.Configuration;

/// <summary>Checks the address that health, metrics and the admin API are served at.</summary>
internal static class ListenRule
{
    private const string Key = "http.listen";

    public static void Check(string listen, ConfigurationErrors errors)
    {
        if (errors.Concerns(Key) || listen.Length == 0)
            return;

        // Kestrel also takes "*" and "+" for every interface, which no URI parser does.
        var address = listen.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery is not "/" || uri.Fragment.Length > 0)
            errors.Add(Key, $"found '{listen}'; expected an address such as http://127.0.0.1:9464 or http://0.0.0.0:9464.");
        else if (uri.UserInfo.Length > 0)
            errors.Add(Key, "found a user or password (not shown) in the address; expected one such as http://127.0.0.1:9464. What callers of the admin API must show is http.admin_token.");
        else if (uri.Scheme == "https")
            errors.Add(Key, $"found '{listen}'; https needs a certificate, and there is no key to name one: the daemon serves plain HTTP. Listen on http://127.0.0.1:{uri.Port}, and let a proxy in front hold the certificate.");
    }
}
