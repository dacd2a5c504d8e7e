using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AEAnomaly.Host.Admin;

/// <summary>Decides who may ask a running daemon for what only operators see, and to do something.</summary>
/// <remarks>
/// With a token, whoever has it. Without one, callers on the same machine; and since a browser there fetches what any web page tells it to, only requests that name
/// this machine as their host (a page cannot make its own name mean this machine and go on from there, "DNS rebinding") and come from no other page.
/// </remarks>
/// <param name="token">Token that callers must show; null or empty: none.</param>
internal sealed class AdminAccess(string? token)
{
    private volatile string? _token = token;

    /// <summary>Has callers show another token from now on.</summary>
    public void Replace(string token) => _token = token;

    /// <summary>Gives why a caller is refused, or null.</summary>
    public AdminRefusal? Refuse(HttpContext context)
    {
        if (_token is { Length: > 0 } token)
            return HasToken(context, token) ? null : new AdminRefusal(StatusCodes.Status401Unauthorized, "The header 'Authorization: Bearer TOKEN' is missing or wrong; the token is the configuration's http.admin_token.");
        if (context.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
            return Forbidden("Without http.admin_token in the configuration this API answers callers on the same machine only.");
        if (!IsThisMachine(context.Request.Host.Host))
            return Forbidden($"Without http.admin_token in the configuration this API is called as localhost, 127.0.0.1 or [::1], not as '{Shown(context.Request.Host.Host)}'.");
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(origin, context.Request))
            return Forbidden($"Without http.admin_token in the configuration this API answers no request of another page ('{Shown(origin)}').");
        return null;
    }

    private static AdminRefusal Forbidden(string message) => new(StatusCodes.Status403Forbidden, message);

    private static bool HasToken(HttpContext context, string token) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString())), SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + token)));

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(string origin, HttpRequest request) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
