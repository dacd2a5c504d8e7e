using System.Security.Cryptography;
using System.Text;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Admin;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Page;

/// <summary>Serves the page for people: its files, what it shows, and the versions of models. What it changes goes through the admin API.</summary>
internal static class PageEndpoints
{
    private const string FirstFile = "index.html";

    public static void Map(IEndpointRouteBuilder routes, DaemonState daemon, IModelStore store, PageFeed feed, AdminAccess access, CancellationToken stopping)
    {
        var assets = PageAsset.ReadAll();
        var policy = PolicyFor(assets.Single(asset => asset.Name == FirstFile));
        foreach (var asset in assets)
            routes.MapGet(asset.Name == FirstFile ? "/" : "/page/" + asset.Name, (HttpContext context) => Serve(context, asset, policy));

        var stream = new PageStream(feed, access, stopping);
        routes.MapGet("/api/page/events", stream.SendAsync);
        routes.MapGet("/api/page/detectors/{name}/versions", (HttpContext context, string name) => Versions(context, daemon, store, access, name));
    }

    // Everything comes from here, no other page frames it, and nothing is written into the page but the one script that it came with, which the browser knows by its hash.
    private static string PolicyFor(PageAsset page)
    {
        const string begin = "<script>", end = "</script>";
        var html = Encoding.UTF8.GetString(page.Content);
        var from = html.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var script = SHA256.HashData(Encoding.UTF8.GetBytes(html[from..html.IndexOf(end, from, StringComparison.Ordinal)]));
        return $"default-src 'none'; script-src 'self' 'sha256-{Convert.ToBase64String(script)}'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    private static IResult Serve(HttpContext context, PageAsset asset, string policy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        headers.ETag = asset.Tag;
        return context.Request.Headers.IfNoneMatch == asset.Tag ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(asset.Content, asset.ContentType);
    }

    private static IResult Versions(HttpContext context, DaemonState daemon, IModelStore store, AdminAccess access, string name)
    {
        if (access.Refuse(context) is { } refusal)
            return Results.Json(new AdminAnswer(refusal.Message, null), PageJson.Options, statusCode: refusal.Status);
        return daemon.Find(name) is null
            ? Results.Json(new AdminAnswer($"There is no detector '{name}'.", null), PageJson.Options, statusCode: StatusCodes.Status404NotFound)
            : Results.Json(store.List(name).Select(PageVersion.Of), PageJson.Options);
    }
}
