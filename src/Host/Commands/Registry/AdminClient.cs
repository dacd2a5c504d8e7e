using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands.Registry;

/// <summary>Asks a running daemon through its admin API.</summary>
internal sealed class AdminClient(string baseAddress, string? token) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout }) { Timeout = AnswerTimeout };

    public string BaseAddress { get; } = Reachable(baseAddress);

    /// <summary>Posts to a detector's resource.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="action">"retrain", "rollback" or "resume".</param>
    /// <param name="version">Version that it concerns, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the daemon said, or null when none listens at the address.</returns>
    /// <exception cref="CommandFailedException">The daemon refused, or something else listens there.</exception>
    public async Task<string?> PostAsync(string detector, string action, string? version, CancellationToken cancellationToken)
    {
        var address = $"{BaseAddress}/api/detectors/{Uri.EscapeDataString(detector)}/{action}";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, version is null ? address : $"{address}?version={Uri.EscapeDataString(version)}");
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _client.SendAsync(request, cancellationToken);
            var text = Message(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode
                ? text
                : throw new CommandFailedException($"{address}: the daemon answered {(int)answer.StatusCode}{(text.Length == 0 ? "." : $": {text}")}");
        }
        catch (HttpRequestException problem) when (problem.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return null;
        }
        catch (HttpRequestException problem)
        {
            throw new CommandFailedException($"{address}: no answer: {problem.Message}. Name the daemon's address with --url.", problem);
        }
        catch (TaskCanceledException problem) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"{address}: no answer within {AnswerTimeout.TotalSeconds:0} s. Is this the daemon's address (--url)?", problem);
        }
    }

    public void Dispose() => _client.Dispose();

    // An address that listens on every interface is reached on this machine's own.
    private static string Reachable(string listen) => listen
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal)
        .TrimEnd('/');

    private static string Message(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in (string[])["message", "detail", "error", "title", "version"])
                {
                    if (json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                        return value.GetString()!;
                }
            }
        }
        catch (JsonException)
        {
            // Not JSON: the text itself is the message.
        }

        return body.Trim();
    }
}
