using System.Net;
using System.Net.Http.Headers;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Daemon;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>A token that changes in its file, on a daemon that runs.</summary>
public sealed class TokenRotationTests
{
    [Fact]
    public async Task Run_TokenChangedInItsFile_TakesTheNewOneAlone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("token", "former\n");
        var file = folder.Write(
            "aeanomaly.yaml",
            $$"""
            kafka: { bootstrap_servers: '127.0.0.1:{{FreePorts.Take(1)[0]}}' }
            http: { listen: 'http://127.0.0.1:0', admin_token: '${file:token}' }
            models: { directory: '{{folder["models"]}}' }
            detectors:
              - name: meters
                topics: [readings]
                fields: [{ name: power, kind: numeric }]

            """);
        await using var daemon = DaemonHost.Create(ConfigurationLoader.Load(file, new Dictionary<string, string>()), LogOutput.Warnings(_ => { }));
        await daemon.StartAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(daemon, "former"));

        folder.Write("token", "later\n");

        await Eventually.TrueAsync(async () => await AskAsync(daemon, "later") == HttpStatusCode.OK, TimeSpan.FromSeconds(30), "the new token is taken");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(daemon, "former"));
        await daemon.StopAsync(CancellationToken.None);
    }

    private static async Task<HttpStatusCode> AskAsync(DaemonHost daemon, string token)
    {
        using var client = new HttpClient { BaseAddress = new Uri(daemon.Addresses.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync("/api/detectors/meters/models");
        return response.StatusCode;
    }
}
