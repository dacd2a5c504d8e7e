using System.Buffers;
using System.Globalization;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Checks a list of brokers before librdkafka sees it, which passes over what it cannot read and then tries forever.</summary>
public static class BrokerAddresses
{
    private const string Expected = "expected HOST:PORT, several with commas";

    private static readonly SearchValues<char> HostLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // Zones of link-local addresses included: fe80::1%eth0.
    private static readonly SearchValues<char> AddressLetters = SearchValues.Create("ABCDEFabcdefghijklmnopqrstuvwxyz0123456789:.%");

    /// <summary>Finds the first entry that is no address of a broker.</summary>
    /// <param name="servers">HOST:PORT, several with commas; blanks around an entry do not count.</param>
    /// <returns>What is wrong, without a full stop; null when nothing is, or the list is empty.</returns>
    public static string? Problem(string servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (servers.Length == 0)
            return null;

        var entries = servers.Split(',', StringSplitOptions.TrimEntries);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Length == 0)
                return entries.Length == 1 ? $"found blanks; {Expected}" : $"entry {i + 1} of {entries.Length} is empty; {Expected}";
            if (Entry(entries[i]) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? Entry(string entry)
    {
        if (entry.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0)
            return $"found '{Shown(entry)}'; {Expected}, without {(scheme == 0 ? "://" : "a scheme")}. How brokers are spoken to is the property security.protocol";
        if (entry.Contains('@', StringComparison.Ordinal))
            return $"found '{Shown(entry)}'; {Expected}. User and password are the properties sasl.username and sasl.password";
        if (entry.AsSpan().IndexOfAny(' ', '\t', ';') >= 0)
            return $"found '{entry}'; {Expected}: neither blanks nor semicolons";

        var colon = entry.LastIndexOf(':');
        var host = colon < 0 || entry.EndsWith(']') ? entry : entry[..colon];
        if (host.StartsWith('[') ? !host.EndsWith(']') || host.Length < 4 || host.AsSpan(1, host.Length - 2).ContainsAnyExcept(AddressLetters) : host.Contains(':', StringComparison.Ordinal))
            return $"found '{entry}'; an IPv6 address stands in brackets, as in [::1]:9092";
        if (!host.StartsWith('[') && host.AsSpan().ContainsAnyExcept(HostLetters))
            return $"found '{entry}'; {Expected}: a host is letters, digits, '.', '-' and '_'";
        if (host.Length == 0)
            return $"found '{entry}', without a host; {Expected}";
        if (host.Length == entry.Length)
            return $"found '{entry}', without a port; {Expected}, as in {entry}:9092";
        return int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535
            ? null
            : $"found '{entry}'; expected a port from 1 to 65535 after the last colon";
    }

    // What stands before an @ may be a password.
    private static string Shown(string entry)
    {
        var at = entry.LastIndexOf('@');
        var scheme = entry.IndexOf("://", StringComparison.Ordinal);
        return at < 0 ? entry : $"{(scheme < 0 || scheme > at ? "" : entry[..(scheme + 3)])}…{entry[at..]}";
    }
}
