using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace AEAnomaly.Integration.Tests.Page;

/// <summary>Speaks the DevTools protocol with one browser: commands with their answers, and events.</summary>
internal sealed class DevToolsConnection : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Action<string, JsonElement> _receive;
    private Task _reading = Task.CompletedTask;
    private int _number;

    private DevToolsConnection(Action<string, JsonElement> receive) => _receive = receive;

    /// <param name="address">Address of the browser's socket.</param>
    /// <param name="receive">Takes each event: its method and parameters.</param>
    public static async Task<DevToolsConnection> OpenAsync(string address, Action<string, JsonElement> receive)
    {
        var connection = new DevToolsConnection(receive);
        await connection._socket.ConnectAsync(new Uri(address), CancellationToken.None);
        connection._reading = connection.ReadAsync();
        return connection;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">The browser refused it.</exception>
    public async Task<JsonElement> SendAsync(string method, object parameters, string? session = null)
    {
        var number = Interlocked.Increment(ref _number);
        var answer = _waiting[number] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var text = JsonSerializer.SerializeToUtf8Bytes(session is null
            ? new Dictionary<string, object> { ["id"] = number, ["method"] = method, ["params"] = parameters }
            : new Dictionary<string, object> { ["id"] = number, ["method"] = method, ["params"] = parameters, ["sessionId"] = session });
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        var result = await answer.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return result.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"{method}: {error}") : result.GetProperty("result");
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;

            var root = JsonSerializer.Deserialize<JsonElement>(message.GetBuffer().AsSpan(0, (int)message.Length));
            message.SetLength(0);
            if (!root.TryGetProperty("id", out var id))
                _receive(root.GetProperty("method").GetString()!, root.GetProperty("params"));
            else if (_waiting.TryRemove(id.GetInt32(), out var answer))
                answer.SetResult(root);
        }
    }
}
