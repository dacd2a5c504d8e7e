using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests.Page;

/// <summary>One page in a real browser, driven as a person does it: by keys, clicks and looking.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    public const string Program = "chromium";

    private const string NetworkChanged = "net::ERR_NETWORK_CHANGED";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, string> _addresses = [];
    private DevToolsConnection _connection = null!;
    private string _session = "";
    private long _receivedBytes;
    private int _droppedFiles;

    private BrowserPage(Process process, TemporaryFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>Gets what the browser complained of: errors on the console, exceptions, refusals of the content security policy, failed requests.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_problems)
                return [.. _problems];
        }
    }

    /// <summary>Gets the bytes of the page's files, without the stream of events.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <summary>Gets the addresses that were asked for.</summary>
    public IReadOnlyCollection<string> Requested
    {
        get
        {
            lock (_problems)
                return [.. _addresses.Values];
        }
    }

    public static async Task<BrowserPage> OpenAsync(string address, int width = 1280, int height = 900)
    {
        var profile = new TemporaryFolder();
        var process = Process.Start(new ProcessStartInfo(
            Program,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
             "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var page = new BrowserPage(process, profile);
        page._connection = await DevToolsConnection.OpenAsync(await SocketAsync(process), page.Receive);
        var target = await page._connection.SendAsync("Target.createTarget", new { url = "about:blank" });
        var attached = await page._connection.SendAsync("Target.attachToTarget", new { targetId = target.GetProperty("targetId").GetString(), flatten = true });
        page._session = attached.GetProperty("sessionId").GetString()!;
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await page.SendAsync(domain + ".enable", new { });
        await page.ResizeAsync(width, height);
        await page.LoadAsync(address);
        return page;
    }

    /// <summary>Gives the window another size.</summary>
    public Task ResizeAsync(int width, int height) =>
        SendAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });

    /// <summary>Chooses what the system would say of its looks, say <c>prefers-color-scheme</c>.</summary>
    public Task PreferAsync(string feature, string value) =>
        SendAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = feature, value } } });

    /// <summary>Evaluates an expression in the page and gives its value.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        if (answer.TryGetProperty("exceptionDetails", out var problem))
            throw new InvalidOperationException($"{expression}: {problem}");
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Gets what an element shows.</summary>
    public async Task<string> TextAsync(string selector) => (await EvaluateAsync($"document.querySelector({Quote(selector)})?.innerText ?? '(there is none)'")).GetString()!;

    /// <summary>Waits until an expression is true in the page.</summary>
    public Task UntilAsync(string expression, string what, TimeSpan? bound = null) =>
        Eventually.TrueAsync(
            async () => (await EvaluateAsync($"Boolean({expression})")).GetBoolean(),
            bound ?? Bound, what, () => EvaluateAsync("document.body.innerText").GetAwaiter().GetResult() + "\n" + string.Join('\n', Problems));

    /// <summary>Presses and releases the left button in the middle of an element.</summary>
    public async Task ClickAsync(string selector)
    {
        var place = await EvaluateAsync(
            $"(() => {{ const e = document.querySelector({Quote(selector)}); e.scrollIntoView({{ block: 'nearest' }}); const r = e.getBoundingClientRect(); return {{ x: r.x + r.width / 2, y: r.y + r.height / 2 }}; }})()");
        var (x, y) = (place.GetProperty("x").GetDouble(), place.GetProperty("y").GetDouble());
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
            await SendAsync("Input.dispatchMouseEvent", new { type, x, y, button = "left", clickCount = 1 });
    }

    /// <summary>Presses a key, by its name in the DOM.</summary>
    public async Task PressAsync(string key)
    {
        var code = key switch { "Tab" => 9, "Enter" => 13, "Escape" => 27, " " => 32, "ArrowUp" => 38, "ArrowDown" => 40, _ => throw new ArgumentException($"no code is known for {key}", nameof(key)) };
        var text = key == "Enter" ? "\r" : key == " " ? " " : "";
        await SendAsync("Input.dispatchKeyEvent", new { type = text.Length > 0 ? "keyDown" : "rawKeyDown", key, code = key == " " ? "Space" : key, windowsVirtualKeyCode = code, text });
        await SendAsync("Input.dispatchKeyEvent", new { type = "keyUp", key, code = key == " " ? "Space" : key, windowsVirtualKeyCode = code });
    }

    /// <summary>Types into what has the focus.</summary>
    public Task TypeAsync(string text) => SendAsync("Input.insertText", new { text });

    /// <summary>Gets the role and name of every element that a screen reader tells of.</summary>
    public async Task<IReadOnlyList<(string Role, string Name)>> SpokenAsync()
    {
        var tree = await SendAsync("Accessibility.getFullAXTree", new { });
        return
        [
            .. tree.GetProperty("nodes").EnumerateArray().Where(node => !node.GetProperty("ignored").GetBoolean())
                .Select(node => (Value(node, "role"), Value(node, "name"))),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Dispose();
    }

    private static string Value(JsonElement node, string property) =>
        node.TryGetProperty(property, out var value) && value.TryGetProperty("value", out var text) ? text.ToString() : "";

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    // What it writes must be read to the end: a full pipe would stop it.
    private static Task<string> SocketAsync(Process process)
    {
        const string announced = "DevTools listening on ";
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                address.TrySetException(new InvalidOperationException($"{Program} ended before it listened"));
            else if (line.Data.StartsWith(announced, StringComparison.Ordinal))
                address.TrySetResult(line.Data[announced.Length..]);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return address.Task.WaitAsync(Bound);
    }

    // Containers that start and end beside the tests change the machine's network, and the browser then drops what it is loading: that load says nothing of the page.
    private async Task LoadAsync(string address)
    {
        do
        {
            lock (_problems)
            {
                _droppedFiles = 0;
                _addresses.Clear();
                Interlocked.Exchange(ref _receivedBytes, 0);
            }

            await SendAsync("Page.navigate", new { url = address });
            await UntilAsync("document.readyState === 'complete'", "the page is loaded");
        }
        while (HasDroppedFiles());
    }

    private bool HasDroppedFiles()
    {
        lock (_problems)
            return _droppedFiles > 0;
    }

    private bool IsStream(JsonElement parameters) =>
        _addresses.GetValueOrDefault(parameters.GetProperty("requestId").GetString()!)?.EndsWith("/events", StringComparison.Ordinal) != false;

    private Task<JsonElement> SendAsync(string method, object parameters) => _connection.SendAsync(method, parameters, _session);

    private void Receive(string method, JsonElement parameters)
    {
        lock (_problems)
        {
            switch (method)
            {
                case "Runtime.exceptionThrown":
                    _problems.Add(parameters.GetProperty("exceptionDetails").ToString());
                    break;
                case "Runtime.consoleAPICalled" when parameters.GetProperty("type").GetString() is "error" or "warning" or "assert":
                    _problems.Add(parameters.GetProperty("args").ToString());
                    break;
                // What the browser dropped with the network is loaded again, and the stream of events goes on by itself: no fault of the page.
                case "Log.entryAdded" when parameters.GetProperty("entry") is var entry
                    && entry.GetProperty("level").GetString() is "error" or "warning" && entry.GetProperty("text").GetString()?.Contains(NetworkChanged, StringComparison.Ordinal) == false:
                    _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{entry.GetProperty("text").GetString()} {(entry.TryGetProperty("url", out var url) ? url.GetString() : "")}"));
                    break;
                case "Network.requestWillBeSent":
                    _addresses[parameters.GetProperty("requestId").GetString()!] = parameters.GetProperty("request").GetProperty("url").GetString()!;
                    break;
                case "Network.loadingFailed" when parameters.GetProperty("errorText").GetString() == NetworkChanged && !IsStream(parameters):
                    _droppedFiles++;
                    break;
                case "Network.loadingFinished" when !IsStream(parameters):
                    Interlocked.Add(ref _receivedBytes, (long)parameters.GetProperty("encodedDataLength").GetDouble());
                    break;
            }
        }
    }
}
