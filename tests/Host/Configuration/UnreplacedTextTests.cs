using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class UnreplacedTextTests
{
    [Theory]
    [InlineData("${KAFKA_BROKERS}", "${KAFKA_BROKERS}")]
    [InlineData("${KAFKA_BROKERS:-localhost:9092}", "${KAFKA_BROKERS:-localhost:9092}")]
    [InlineData("${env:KAFKA_BROKERS}", "${env:KAFKA_BROKERS}")]
    [InlineData("broker.${DOMAIN}:9092", "${DOMAIN}")]
    [InlineData("$KAFKA_BROKERS", "$KAFKA_BROKERS")]
    [InlineData("$HOST:9092", "$HOST")]
    [InlineData("$(KAFKA_BROKERS)", "$(KAFKA_BROKERS)")]
    [InlineData("%KAFKA_BROKERS%", "%KAFKA_BROKERS%")]
    [InlineData("{{ kafka.brokers }}", "{{ kafka.brokers }}")]
    [InlineData("{{ .Values.brokers | quote }}:9092", "{{ .Values.brokers | quote }}")]
    [InlineData("{% if prod %}a:1{% endif %}", "{% if prod %}")]
    [InlineData("<%= brokers %>", "<%= brokers %>")]
    [InlineData("<BROKERS>", "<BROKERS>")]
    [InlineData("<your-broker>:9092", "<your-broker>")]
    [InlineData("#{KafkaBrokers}", "#{KafkaBrokers}")]
    [InlineData("@KAFKA_BROKERS@", "@KAFKA_BROKERS@")]
    [InlineData("__KAFKA_BROKERS__", "__KAFKA_BROKERS__")]
    [InlineData("CHANGE_ME", "CHANGE_ME")]
    public void Load_ValueThatSomethingElseWasToFillIn_SaysHowToSetIt(string value, string form) =>
        Assert.Equal(
            [
                $"line 2: kafka.bootstrap_servers: found '{value}'; nothing fills in {form} here. "
                    + "Write the value, ${file:/path} for what a file holds, or set the environment variable AEANOMALY__KAFKA__BOOTSTRAP_SERVERS.",
            ],
            Configured.Errors(Configured.Minimal.Replace("localhost:9092", $"'{value}'", StringComparison.Ordinal)));

    [Theory]
    [InlineData("http: {listen: 'http://$(POD_IP):9464'}", "http.listen", "AEANOMALY__HTTP__LISTEN")]
    [InlineData("models: {directory: '%APPDATA%/models'}", "models.directory", "AEANOMALY__MODELS__DIRECTORY")]
    [InlineData("models: {keep: '${KEEP}'}", "models.keep", "AEANOMALY__MODELS__KEEP")]
    [InlineData("    alerts: {runbook: 'https://wiki/{{ detector }}'}", "detectors[0].alerts.runbook", "AEANOMALY__DETECTORS__0__ALERTS__RUNBOOK")]
    [InlineData("    dead_letter_topic: ${TOPIC}.dead", "detectors[0].dead_letter_topic", "AEANOMALY__DETECTORS__0__DEAD_LETTER_TOPIC")]
    public void Load_AnyKey_NamesItsVariableAndSaysNothingMore(string line, string key, string variable)
    {
        var error = Assert.Single(Configured.Errors(Configured.Minimal + line + "\n"));

        Assert.StartsWith($"line 9: {key}: found '", error, StringComparison.Ordinal);
        Assert.EndsWith($"or set the environment variable {variable}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PropertyOfTheClient_NamesTheVariableThatReachesIt() =>
        Assert.Contains(
            "kafka.properties.sasl.username: found '$USER'; nothing fills in $USER here. Write the value, ${file:/path} for what a file holds, or set the environment variable AEANOMALY__KAFKA__PROPERTIES__SASL_USERNAME.",
            Assert.Single(Configured.Errors(WithProperty("sasl.username: $USER"))),
            StringComparison.Ordinal);

    [Fact]
    public void Load_VariableThatHoldsAVariable_SaysToSetItToTheValue() =>
        Assert.Equal(
            ["environment variable AEANOMALY__HTTP__LISTEN: http.listen: found '$(LISTEN)'; nothing fills in $(LISTEN) here. Set the variable to the value itself, or to ${file:/path} for what a file holds."],
            Configured.Errors(Configured.Minimal, ("AEANOMALY__HTTP__LISTEN", "$(LISTEN)")));

    [Fact]
    public void Load_FileWithinAText_MustBeTheWholeValue() =>
        Assert.Contains("${file:...} must be the whole value", Assert.Single(Configured.Errors(WithProperty("client.id: 'a-${file:/run/id}'"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("sasl.password: ${KAFKA_PASSWORD}", "KAFKA_PASSWORD")]
    [InlineData("sasl.password: '{{ vault.kafka }}'", "vault")]
    [InlineData("sasl.password: $KAFKA_PASS", "KAFKA_PASS")]
    [InlineData("sasl.password: '%KAFKA_PASS%'", "KAFKA_PASS")]
    [InlineData("ssl.key.password: <PASSWORD>", "<PASSWORD>")]
    public void Load_PlaceholderOfASecret_IsNotShown(string property, string hidden)
    {
        var error = Assert.Single(Configured.Errors(WithProperty(property)));

        Assert.Contains("found a variable or placeholder in place of a secret value (not shown); nothing fills it in here.", error, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, error.Replace("AEANOMALY__KAFKA__PROPERTIES", "", StringComparison.Ordinal).Split("or set")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sasl.password: 'pa$$word'")]
    [InlineData("sasl.password: 'x${y}'")]
    [InlineData("sasl.password: $ecret")]
    [InlineData("sasl.password: <hunter2>")]
    [InlineData("sasl.password: changeme")]
    [InlineData("sasl.password: 'a<b>c%d%e'")]
    [InlineData("client.id: 'costs $5'")]
    [InlineData("client.id: 'a%41%42%43'")]
    [InlineData("client.id: 'a <- b -> c'")]
    [InlineData("sasl.kerberos.kinit.cmd: 'kinit -k -t \"%{sasl.kerberos.keytab}\" $USER'")]
    public void Load_TextThatOnlyLooksAlike_IsTaken(string property) => Configured.Load(WithProperty(property));

    [Fact]
    public void Load_NamesInTheData_MayHoldDollars()
    {
        var options = Configured.Load(Configured.Minimal + "    unit: $M\n    path: _id.$oid\n".Replace("    ", "        ", StringComparison.Ordinal));

        Assert.Equal("_id.$oid", options.Detectors[0].Fields[0].Path);
        Assert.Equal("$M", options.Detectors[0].Fields[0].Unit);
    }

    [Fact]
    public void Load_SecretFileThatHoldsAVariable_IsTakenAsItStands()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("secret", "${not-a-variable}");

        Assert.Equal("${not-a-variable}", Configured.Load(WithProperty($"sasl.password: ${{file:{file}}}")).Kafka.Properties["sasl.password"]);
    }

    [Theory]
    [InlineData("kafka:\n  bootstrap_servers: {{ brokers }}\n", 2, "The line holds a variable or a template that nothing fills in here.")]
    [InlineData("kafka: {bootstrap_servers: ${KAFKA}}\n", 1, "The line holds a variable or a template that nothing fills in here.")]
    [InlineData("kafka:\n  bootstrap_servers: %KAFKA%\n", 2, "The line holds a variable or a template that nothing fills in here.")]
    [InlineData("kafka:\n  bootstrap_servers: @KAFKA@\n", 2, "The line holds a variable or a template that nothing fills in here.")]
    [InlineData("kafka:\n  {{- with .Values }}\n  bootstrap_servers: a:1\n", 2, "The line holds a variable or a template that nothing fills in here.")]
    [InlineData("{% if prod %}\nkafka:\n  bootstrap_servers: a:1\n{% endif %}\n", 2, "Line 1 holds a template; fill it in before.")]
    public void Load_TemplateThatIsNotYaml_SaysThatItIsOne(string yaml, int line, string hint)
    {
        var error = Assert.Single(Configured.Errors(yaml));

        Assert.StartsWith($"line {line}: not valid YAML", error, StringComparison.Ordinal);
        Assert.EndsWith(hint, error, StringComparison.Ordinal);
    }

    private static string WithProperty(string property) =>
        Configured.Minimal.Replace("detectors:", $"  properties:\n    {property}\ndetectors:", StringComparison.Ordinal);
}
