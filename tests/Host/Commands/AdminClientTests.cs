using System.Net;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class AdminClientTests
{
    [Fact]
    public async Task Retrain_DaemonListens_PostsToItsDetector()
    {
        await using var daemon = await Listen("POST", "/api/detectors/payments/retrain", HttpStatusCode.Accepted, "{\"message\":\"retraining was queued\"}");

        var run = await CommandRun.Of("models", "retrain", "payments", "--url", daemon.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("payments: retraining was queued", Assert.Single(run.OutputLines));
    }

    [Fact]
    public async Task Rollback_DaemonRefuses_SaysItsReason()
    {
        await using var daemon = await Listen("POST", "/api/detectors/payments/rollback", HttpStatusCode.NotFound, "{\"detail\":\"there is no such version\"}");

        var run = await CommandRun.Of("models", "rollback", "payments", "v1", "--url", daemon.Address);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"aeanomaly models rollback: {daemon.Address}/api/detectors/payments/rollback: the daemon answered 404: there is no such version",
            Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Retrain_NobodyListens_SaysWhatToStart()
    {
        var address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";

        var run = await CommandRun.Of("models", "retrain", "payments", "--url", address);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"aeanomaly models retrain: {address}: no daemon listens there; start one with 'aeanomaly run', or name its address with --url.",
            Assert.Single(run.ErrorLines));
    }

    private static async Task<Daemon> Listen(string method, string path, HttpStatusCode status, string body)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(async context =>
        {
            var isRight = context.Request.Method == method && context.Request.Path == path;
            context.Response.StatusCode = isRight ? (int)status : 500;
            await context.Response.WriteAsync(isRight ? body : $"{context.Request.Method} {context.Request.Path}");
        });
        await application.StartAsync();
        return new Daemon(application);
    }

    private sealed class Daemon(WebApplication application) : IAsyncDisposable
    {
        public string Address { get; } =
            application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public ValueTask DisposeAsync() => application.DisposeAsync();
    }
}
