using System.Net;
using System.Net.Http.Headers;
using AEAnomaly.Host.Page;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests.Page;

/// <summary>What the daemon answers to a browser.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class PageServerTests(BrokerFixture brokers)
{
    [Fact]
    public async Task Get_Page_IsServedUnderAPolicyAndKnownByItsTag()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        await harness.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(harness.Address) };
        using var page = await client.GetAsync("/");

        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var known = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task Get_PageTurnedOff_IsNotThereAndTheRestIs()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Http.Page = false;
        await harness.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(harness.Address) };

        foreach (var path in new[] { "/", "/page/page.js", "/api/page/events", "/api/page/detectors/meters/versions" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Events_MoreViewersThanPlaces_AreToldSoUntilOneGoes()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        await harness.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(harness.Address) };
        var viewers = new List<HttpResponseMessage>();
        for (var i = 0; i < PageFeed.MostViewers; i++)
            viewers.Add(await LookAsync(client));

        using (var refused = await LookAsync(client))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("16 viewers are connected", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        viewers[0].Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var next = await LookAsync(client);
                return next.StatusCode == HttpStatusCode.OK;
            },
            DaemonHarness.Bound, "the place is free again");
        viewers.ForEach(viewer => viewer.Dispose());
    }

    [Theory]
    [InlineData(null, "401")]
    [InlineData("other", "401")]
    [InlineData("secret", null)]
    public async Task Events_DaemonWithAToken_TellFiguresToAllAndWhyThereAreNoAlerts(string? shown, string? refusal)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Http.AdminToken = "secret";
        await harness.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(harness.Address) };
        client.DefaultRequestHeaders.Authorization = shown is null ? null : new AuthenticationHeaderValue("Bearer", shown);
        using var response = await LookAsync(client);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("event: hello", await reader.ReadLineAsync());
        Assert.Contains(refusal is null ? "\"refusal\":null" : $"\"refusal\":{{\"status\":{refusal}", await reader.ReadLineAsync(), StringComparison.Ordinal);
        await reader.ReadLineAsync();
        Assert.Equal("event: figures", await reader.ReadLineAsync());
        Assert.Contains("\"name\":\"meters\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        using var versions = await client.GetAsync("/api/page/detectors/meters/versions");
        Assert.Equal(refusal is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, versions.StatusCode);
    }

    private static Task<HttpResponseMessage> LookAsync(HttpClient client) => client.GetAsync("/api/page/events", HttpCompletionOption.ResponseHeadersRead);
}
