using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class ConcealedTextsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Rules and the client library quote what they refuse; each of these once printed it.
    [Theory]
    [InlineData("    topics: ['{0}']", "no topic")]
    [InlineData("    dead_letter_topic: '{0}'", "no topic")]
    [InlineData("    model: {{variant: '{0}'}}", "hunter2")]
    [InlineData("    model: {{variant: cross-domain, first_fields: ['{0}']}}", "hunter2")]
    [InlineData("    model: {{hidden: ['{0}']}}", "99999999")]
    [InlineData("    training: {{min_records: '{0}'}}", "49999999")]
    [InlineData("http: {{listen: '{0}'}}", "hunter2")]
    [InlineData("http: {{listen: '{0}'}}", "https://hunter2:9464")]
    [InlineData("models: {{keep: '{0}'}}", "hunter2")]
    public void Load_RefusedSecret_IsNotShown(string line, string secret) => RequireHidden(Configured.Minimal + Write(line, secret) + "\n", secret);

    [Theory]
    [InlineData("security.protocol: '{0}'", "hunter2")]
    [InlineData("log_level: '{0}'", "999")]
    [InlineData("client.dns.lookup: '{0}'", "hunter2, hunter3")]
    public void Load_SecretThatTheClientRefuses_IsNotShown(string property, string secret) =>
        RequireHidden(Configured.Minimal.Replace("detectors:", "  properties:\n    " + Write(property, secret) + "\ndetectors:", StringComparison.Ordinal), secret);

    [Theory]
    [InlineData("hunter2")]
    [InlineData("kafka://hunter2:9092")]
    [InlineData("a:1,hunter2")]
    public void Load_SecretBroker_IsNotShown(string secret) =>
        RequireHidden(Configured.Minimal.Replace("localhost:9092", Write("'{0}'", secret), StringComparison.Ordinal), secret);

    [Theory]
    [InlineData("*hunter2", "found an alias, and no anchor of its name before it; put quotes around a text that begins with *.")]
    [InlineData("**hunter2", "found an alias, and no anchor of its name before it; put quotes around a text that begins with *.")]
    [InlineData("&hunter2", "found an anchor without a value; put quotes around a text that begins with &.")]
    [InlineData("!hunter2", "found a tag, and there are none here; put quotes around a text that begins with !, and write ${file:/path} for what a file holds.")]
    [InlineData("!vault hunter2", "found a tag, and there are none here; put quotes around a text that begins with !, and write ${file:/path} for what a file holds.")]
    public void Load_PasswordThatIsYaml_NamesItsKey(string password, string expected) =>
        Assert.Equal([$"line 4: kafka.properties.sasl.password: {expected}"], Configured.Errors(WithPassword(password)));

    [Theory]
    [InlineData("@hunter2", "Put quotes around a text that begins with @.")]
    [InlineData("%hunter2", "Put quotes around a text that begins with %.")]
    [InlineData("`hunter2", "Put quotes around a text that begins with `.")]
    [InlineData("\"hunter2", "Put quotes around a text that begins with \".")]
    [InlineData("|hunter2", "Put quotes around a text that begins with |.")]
    [InlineData("- hunter2", "Put quotes around a text that begins with -.")]
    [InlineData("{hunter2", "Put quotes around a text that begins with one.")]
    [InlineData("[hunter2", "Put quotes around a text that begins with one.")]
    [InlineData("hunter2: x", "")]
    public void Load_PasswordThatIsNotYaml_IsNotShown(string password, string hint)
    {
        var error = Assert.Single(Configured.Errors(WithPassword(password)));

        Assert.Contains("not valid YAML", error, StringComparison.Ordinal);
        Assert.EndsWith(hint, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{hunter2: a, hunter2: b}")]
    [InlineData("[hunter2]")]
    public void Load_PasswordThatIsASection_IsNotShown(string password) => RequireHidden(WithPassword(password), "hunter2");

    public void Dispose() => _folder.Dispose();

    private static string WithPassword(string password) =>
        Configured.Minimal.Replace("detectors:", $"  properties:\n    sasl.password: {password}\ndetectors:", StringComparison.Ordinal);

    private static void RequireHidden(string yaml, string secret)
    {
        var errors = Configured.Errors(yaml);

        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.DoesNotContain(secret, error, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain("hunter", error, StringComparison.Ordinal));
    }

    private string Write(string line, string secret) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, line, "${file:" + _folder.Write("secret", secret) + "}");
}
