using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Admin;

namespace AEAnomaly.Host.Page;

/// <summary>Sends one viewer what is new, as server-sent events: first the past, then figures once a second, and alerts as they come.</summary>
/// <remarks>Figures are those of /metrics and /health, which anybody may read. Alerts hold values of records: they go only to whom the admin API would answer.</remarks>
/// <param name="feed">What there is to see.</param>
/// <param name="access">Decides who may see alerts.</param>
/// <param name="stopping">Ends all streams: a connection that stays open would hold up the end of the process.</param>
internal sealed class PageStream(PageFeed feed, AdminAccess access, CancellationToken stopping)
{
    // More than a person can read in a second, and some hundred kilobytes.
    private const int MostAlertsAtOnce = 60;
    private const int MostPastAlerts = 200;

    /// <summary>Sends until the viewer goes or the process ends.</summary>
    public async Task SendAsync(HttpContext context)
    {
        if (!feed.TryJoin())
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
            await context.Response.WriteAsJsonAsync(
                new AdminAnswer($"{PageFeed.MostViewers} viewers are connected, and no more are served: close a page that nobody looks at.", null), PageJson.Options, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            // Or nginx collects what is small.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await SendAsync(context, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The viewer has gone, or the process ends.
        }
        finally
        {
            feed.Leave();
        }
    }

    private async Task SendAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var refusal = access.Refuse(context);
        var body = context.Response.BodyWriter;
        Write(body, "hello"u8, JsonSerializer.SerializeToUtf8Bytes(
            new { Version = ProgramVersion.Number, Refusal = refusal, Trail = feed.Trail.Read() }, PageJson.Options));
        var frame = await feed.ComposeAsync(cancellationToken).ConfigureAwait(false);
        var (seen, most) = (0L, MostPastAlerts);
        while (true)
        {
            Write(body, "figures"u8, frame.Data.Span);
            if (refusal is null)
                seen = WriteAlerts(body, seen, most);
            most = MostAlertsAtOnce;
            if ((await body.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted)
                return;
            frame = await feed.NextAsync(frame.Number, cancellationToken).ConfigureAwait(false);
        }
    }

    private long WriteAlerts(PipeWriter body, long seen, int most)
    {
        var (alerts, latest, omitted) = feed.Alerts.After(seen, most);
        if (latest == seen)
            return seen;

        using var data = new MemoryStream();
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteNumber("omitted", omitted);
            json.WriteStartArray("alerts");
            foreach (var alert in alerts)
                json.WriteRawValue(alert.Body.Span, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Write(body, "alerts"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        return latest;
    }

    private static void Write(PipeWriter body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        body.Write("event: "u8);
        body.Write(name);
        body.Write("\ndata: "u8);
        body.Write(data);
        body.Write("\n\n"u8);
    }
}
