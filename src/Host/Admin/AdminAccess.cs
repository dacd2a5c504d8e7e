using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AEAnomaly.Host.Admin;

/// <summary>Decides who may ask for what only operators see, and change something.</summary>
/// <param name="token">Token that callers must show; without one, callers on the same machine may ask.</param>
internal sealed class AdminAccess(string? token)
{
    /// <summary>Gives why a caller is refused, or null.</summary>
    public AdminRefusal? Refuse(HttpContext context)
    {
        if (token is { Length: > 0 })
        {
            var given = context.Request.Headers.Authorization.ToString();
            var expected = "Bearer " + token;
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected))
                ? null
                : new AdminRefusal(StatusCodes.Status401Unauthorized, "The header 'Authorization: Bearer TOKEN' is missing or wrong; the token is the configuration's http.admin_token.");
        }

        var from = context.Connection.RemoteIpAddress;
        return from is null || IPAddress.IsLoopback(from)
            ? null
            : new AdminRefusal(StatusCodes.Status403Forbidden, "Without http.admin_token in the configuration this API answers callers on the same machine only.");
    }
}
