namespace AEAnomaly.Host.Tests.Configuration;

public sealed class ListenRuleTests
{
    [Theory]
    [InlineData("https://127.0.0.1:9464", 9464)]
    [InlineData("https://*:443", 443)]
    [InlineData("HTTPS://0.0.0.0", 443)]
    public void Check_Https_SaysThatNothingHoldsACertificate(string listen, int port) =>
        Assert.Equal(
            [
                $"line 9: http.listen: found '{listen}'; https needs a certificate, and there is no key to name one: the daemon serves plain HTTP. "
                    + $"Listen on http://127.0.0.1:{port}, and let a proxy in front hold the certificate.",
            ],
            Configured.Errors(Configured.Minimal + $"http: {{listen: '{listen}'}}\n"));

    [Fact]
    public void Check_PasswordInTheAddress_IsNotShown()
    {
        var error = Assert.Single(Configured.Errors(Configured.Minimal + "http: {listen: 'http://admin:hunter2@127.0.0.1:9464'}\n"));

        Assert.Contains("found a user or password (not shown) in the address", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:9464/metrics")]
    [InlineData("http://127.0.0.1:9464#x")]
    [InlineData("tcp://127.0.0.1:9464")]
    [InlineData("9464")]
    [InlineData(":9464")]
    public void Check_NoAddress_ShowsOne(string listen) =>
        Assert.Equal(
            [$"line 9: http.listen: found '{listen}'; expected an address such as http://127.0.0.1:9464 or http://0.0.0.0:9464."],
            Configured.Errors(Configured.Minimal + $"http: {{listen: '{listen}'}}\n"));

    [Theory]
    [InlineData("http://*:9464")]
    [InlineData("http://+:9464/")]
    [InlineData("http://[::1]:9464")]
    [InlineData("http://127.0.0.1:0")]
    public void Check_Address_IsTaken(string listen) => Assert.Equal(listen, Configured.Load(Configured.Minimal + $"http: {{listen: '{listen}'}}\n").Http.Listen);
}
