using AEAnomaly.Host.Tests.CommandLine;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class OverlookedVariablesTests
{
    [Theory]
    [InlineData("AEANOMALY_KAFKA__BOOTSTRAP_SERVERS", "AEANOMALY__KAFKA__BOOTSTRAP_SERVERS")]
    [InlineData("AEANOMALY_KAFKA_BOOTSTRAP_SERVERS", "AEANOMALY__KAFKA__BOOTSTRAP_SERVERS")]
    [InlineData("AEANOMALY.KAFKA.BOOTSTRAP_SERVERS", "AEANOMALY__KAFKA__BOOTSTRAP_SERVERS")]
    [InlineData("AEANOMALY:HTTP:LISTEN", "AEANOMALY__HTTP__LISTEN")]
    [InlineData("AE_ANOMALY__HTTP__LISTEN", "AEANOMALY__HTTP__LISTEN")]
    [InlineData("AENOMALY__HTTP__LISTEN", "AEANOMALY__HTTP__LISTEN")]
    [InlineData("KAFKA__BOOTSTRAP_SERVERS", "AEANOMALY__KAFKA__BOOTSTRAP_SERVERS")]
    [InlineData("aeanomaly_http_admin_token", "AEANOMALY__HTTP__ADMIN_TOKEN")]
    [InlineData("AEANOMALY_DETECTORS_0_TRAINING_EVERY", "AEANOMALY__DETECTORS__0__TRAINING__EVERY")]
    [InlineData("AEANOMALY_DETECTORS_0_TOPICS", "AEANOMALY__DETECTORS__0__TOPICS")]
    [InlineData("AEANOMALY_DETECTORS_0_MODEL_NOISE_DEVIATION", "AEANOMALY__DETECTORS__0__MODEL__NOISE_DEVIATION")]
    [InlineData("AEANOMALY_KAFKA_PROPERTIES_SASL_PASSWORD", "AEANOMALY__KAFKA__PROPERTIES__SASL_PASSWORD")]
    public async Task Check_VariableThatIsNotRead_WarnsAndNamesTheRightOne(string variable, string right)
    {
        var run = await CommandRun.With(Configured.Minimal + "models: {directory: .}\n", [(variable, "hunter2")], "check", "-c", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [$"warning: environment variable {variable}: is not read: the prefix is AEANOMALY__, and two underscores separate levels. Did you mean {right}?"],
            run.ErrorLines);
        Assert.StartsWith("OK: ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AEANOMALY_SERVICE_HOST")]
    [InlineData("AEANOMALY_SERVICE_PORT_HTTP")]
    [InlineData("AEANOMALY_PORT_9464_TCP_ADDR")]
    [InlineData("AEANOMALY_HTTP_PORT")]
    [InlineData("AEANOMALY_TEST_KAFKA_HOME")]
    [InlineData("AEANOMALY_DATA")]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS")]
    [InlineData("HTTP_PROXY")]
    public async Task Check_VariableOfSomethingElse_IsLeftAlone(string variable)
    {
        var run = await CommandRun.With(Configured.Minimal + "models: {directory: .}\n", [(variable, "x")], "check", "-c", "-");

        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Check_WarningBesideErrors_IsGivenToo()
    {
        var run = await CommandRun.With(Configured.Minimal.Replace("bootstrap_servers: localhost:9092", "group_id: x", StringComparison.Ordinal), [("AEANOMALY_KAFKA_BOOTSTRAP_SERVERS", "x:1")], "check", "-c", "-");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("warning: environment variable AEANOMALY_KAFKA_BOOTSTRAP_SERVERS: is not read", run.Error, StringComparison.Ordinal);
        Assert.Contains("kafka.bootstrap_servers: is missing", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AEANOMALY__KAFKA_BOOTSTRAP_SERVERS", "kafka_bootstrap_servers", "AEANOMALY__KAFKA__BOOTSTRAP_SERVERS")]
    [InlineData("AEANOMALY__KAFKA__BOOTSTRAP__SERVERS", "kafka.bootstrap", "AEANOMALY__KAFKA__BOOTSTRAP_SERVERS")]
    [InlineData("AEANOMALY__HTTP_LISTEN", "http_listen", "AEANOMALY__HTTP__LISTEN")]
    public void Load_RightPrefixAndWrongLevels_NamesTheRightOne(string variable, string key, string right) =>
        Assert.Equal(
            [$"environment variable {variable}: {key}: is an unknown key, as two underscores separate levels; did you mean {right}?"],
            Configured.Errors(Configured.Minimal, (variable, "x")));

    [Fact]
    public void Load_TwoVariablesForOneKey_SaysThatOneMustGo() =>
        Assert.Equal(
            ["environment variable aeanomaly__http__listen: sets the same key as AEANOMALY__HTTP__LISTEN; remove one of them."],
            Configured.Errors(Configured.Minimal, ("AEANOMALY__HTTP__LISTEN", "http://localhost:1"), ("aeanomaly__http__listen", "http://localhost:2")));
}
