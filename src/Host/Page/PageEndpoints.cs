using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Admin;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Page;

/// <summary>Serves the page for people: its files, what it shows, and the versions of models. What it changes goes through the admin API.</summary>
internal static class PageEndpoints
{
    // Everything comes from here, nothing is written into the page, no other page frames it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private const string FirstFile = "index.html";

    public static void Map(IEndpointRouteBuilder routes, DaemonState daemon, IModelStore store, PageFeed feed, AdminAccess access, CancellationToken stopping)
    {
        foreach (var asset in PageAsset.ReadAll())
            routes.MapGet(asset.Name == FirstFile ? "/" : "/page/" + asset.Name, (HttpContext context) => Serve(context, asset));

        var stream = new PageStream(feed, access, stopping);
        routes.MapGet("/api/page/events", stream.SendAsync);
        routes.MapGet("/api/page/detectors/{name}/versions", (HttpContext context, string name) => Versions(context, daemon, store, access, name));
    }

    private static IResult Serve(HttpContext context, PageAsset asset)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
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
