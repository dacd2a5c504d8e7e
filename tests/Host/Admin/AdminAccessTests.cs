using System.Net;
using AEAnomaly.Host.Admin;
using Microsoft.AspNetCore.Http;

namespace AEAnomaly.Host.Tests.Admin;

public sealed class AdminAccessTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:9464", null)]
    [InlineData("::1", "[::1]:9464", null)]
    [InlineData("127.0.0.1", "127.0.0.1:9464", null)]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST", null)]
    [InlineData("127.0.0.1", "localhost:9464", "http://localhost:9464")]
    public void Refuse_CallerOnThisMachine_IsNone(string from, string host, string? origin) => Assert.Null(new AdminAccess(null).Refuse(Request(from, host, origin)));

    [Theory]
    [InlineData("192.0.2.7", "localhost:9464", null, "on the same machine only")]
    [InlineData("127.0.0.1", "evil.example:9464", null, "not as 'evil.example'")]
    [InlineData("127.0.0.1", "localhost.evil.example", null, "not as 'localhost.evil.example'")]
    [InlineData("127.0.0.1", "192.0.2.7:9464", null, "not as '192.0.2.7'")]
    [InlineData("127.0.0.1", "", null, "not as ''")]
    [InlineData("127.0.0.1", "localhost:9464", "http://evil.example", "no request of another page")]
    [InlineData("127.0.0.1", "localhost:9464", "http://localhost:8080", "no request of another page")]
    [InlineData("127.0.0.1", "localhost:9464", "null", "no request of another page")]
    public void Refuse_WithoutAToken_IsForbiddenWithTheReason(string from, string host, string? origin, string reason)
    {
        var refusal = new AdminAccess(null).Refuse(Request(from, host, origin));

        Assert.Equal(403, refusal!.Status);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer s3cret", true)]
    [InlineData("Bearer s3cre", false)]
    [InlineData("bearer s3cret", false)]
    [InlineData("s3cret", false)]
    [InlineData(null, false)]
    public void Refuse_WithAToken_TakesTheTokenAlone(string? authorization, bool isTaken)
    {
        var context = Request("192.0.2.7", "anomaly.example", "http://other.example");
        context.Request.Headers.Authorization = authorization;

        Assert.Equal(isTaken ? null : 401, new AdminAccess("s3cret").Refuse(context)?.Status);
    }

    [Fact]
    public void Replace_Token_TakesTheNewOneAlone()
    {
        var access = new AdminAccess("former");
        var (former, later) = (Request("192.0.2.7", "anomaly.example", null), Request("192.0.2.7", "anomaly.example", null));
        (former.Request.Headers.Authorization, later.Request.Headers.Authorization) = ("Bearer former", "Bearer later");
        Assert.Null(access.Refuse(former));

        access.Replace("later");

        Assert.Equal(401, access.Refuse(former)?.Status);
        Assert.Null(access.Refuse(later));
    }

    private static DefaultHttpContext Request(string from, string host, string? origin)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        context.Request.Headers.Origin = origin;
        return context;
    }
}
