using System.Net;
using AEAnomaly.Host.Admin;
using Microsoft.AspNetCore.Http;

namespace AEAnomaly.Host.Tests.Admin;

public sealed class AdminAccessTests
{
    [Theory]
    [InlineData(null, "127.0.0.1", null, null)]
    [InlineData(null, "::1", null, null)]
    [InlineData("", "127.0.0.1", null, null)]
    [InlineData(null, "10.1.2.3", null, 403)]
    [InlineData(null, "10.1.2.3", "Bearer secret", 403)]
    [InlineData("secret", "127.0.0.1", null, 401)]
    [InlineData("secret", "127.0.0.1", "Bearer other", 401)]
    [InlineData("secret", "127.0.0.1", "secret", 401)]
    [InlineData("secret", "10.1.2.3", "Bearer secret", null)]
    public void Refuse_Caller_IsAsTheTokenAndTheAddressSay(string? token, string from, string? authorization, int? status)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Headers.Authorization = authorization;

        Assert.Equal(status, new AdminAccess(token).Refuse(context)?.Status);
    }
}
