using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AEAnomaly.TestKit.Security;

/// <summary>An authorization server of a test's own (OAuth 2.0, client credentials): gives a signed token to whoever knows a client's secret.</summary>
public sealed class TokenEndpoint : IDisposable
{
    public const string Audience = "kafka";
    public const string Issuer = "https://authority.example";
    private const string KeyId = "test";

    private readonly HttpListener _listener = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly string _client;
    private volatile string _secret;
    private int _tokens;

    /// <param name="client">Id of the one client it knows.</param>
    /// <param name="secret">The client's secret.</param>
    public TokenEndpoint(string client, string secret)
    {
        (_client, _secret) = (client, secret);
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take(1)[0]}/token");
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Gets where tokens are asked for.</summary>
    public string Url { get; }

    /// <summary>Gets the keys that a broker checks tokens by (JSON Web Key Set).</summary>
    public string Keys
    {
        get
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            return JsonSerializer.Serialize(new
            {
                keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId, n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } },
            });
        }
    }

    /// <summary>Gets how many tokens were given.</summary>
    public int Tokens => Volatile.Read(ref _tokens);

    /// <summary>Gives the client another secret; the former one is refused from now on.</summary>
    public void ChangeSecret(string secret) => _secret = secret;

    public void Dispose()
    {
        _listener.Close();
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                Answer(await _listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var wanted = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_client}:{_secret}"));
        var isKnown = context.Request.Headers["Authorization"] == wanted;
        var body = isKnown
            ? JsonSerializer.Serialize(new { access_token = Token(), token_type = "Bearer", expires_in = 3600 })
            : JsonSerializer.Serialize(new { error = "invalid_client", error_description = "client secret is wrong" });
        context.Response.StatusCode = isKnown ? 200 : 401;
        context.Response.ContentType = "application/json";
        context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        if (isKnown)
            Interlocked.Increment(ref _tokens);
    }

    private string Token()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var content = Part(new { alg = "RS256", typ = "JWT", kid = KeyId }) + "." + Part(new { iss = Issuer, aud = Audience, sub = _client, iat = now, exp = now + 3600 });
        return content + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Part(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
