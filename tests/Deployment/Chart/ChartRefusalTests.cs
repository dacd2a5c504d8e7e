namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>A wrong value is refused before anything is installed, and the message says where it is and what would be right.</summary>
public sealed class ChartRefusalTests
{
    private const string Detector = "config: { detectors: [{ name: meters, topics: [meters], fields: [{ name: power, kind: numeric }]";

    [HelmTheory]
    [InlineData("replica: 2", "replica")]
    [InlineData("replicas: two", "/replicas", "integer")]
    [InlineData("kind: DaemonSet", "/kind", "StatefulSet", "Deployment")]
    [InlineData("podMonitor: { enable: true }", "/podMonitor", "enable")]
    [InlineData("persistence: { size: large }", "/persistence/size", "large")]
    [InlineData("probes: { startup: { path: /ready } }", "/probes/startup", "path")]
    [InlineData("secrets: { kafka: { name: my-secret } }", "/secrets/kafka", "secretName")]
    [InlineData("image: { digest: latest }", "/image/digest", "sha256")]
    [InlineData(Detector + ", treshold: {} }] }", "/config/detectors/0", "treshold")]
    [InlineData(Detector + ", threshold: { quantile: 2 } }] }", "/config/detectors/0/threshold/quantile", "2")]
    [InlineData(Detector + ", training: { every: daily } }] }", "/config/detectors/0/training/every", "daily")]
    [InlineData("config: { detectors: [{ name: meters, topics: [meters], fields: [{ name: power, kind: number }] }] }", "/config/detectors/0/fields/0/kind", "numeric")]
    [InlineData("config: { detectors: [{ name: meters, topics: [meters] }] }", "/config/detectors/0", "fields")]
    [InlineData(Detector + ", model: { variant: vea } }] }", "/config/detectors/0/model/variant", "vae")]
    [InlineData(Detector + ", model: { variant: vae, windw: 3 } }] }", "/config/detectors/0/model", "windw")]
    [InlineData(Detector + ", model: { corruption: loud } }] }", "/config/detectors/0/model/corruption", "gaussian")]
    [InlineData("config: { detectors: [] }", "/config/detectors", "minItems")]
    [InlineData("config: { kafka: { bootstrap: kafka:9092 } }", "/config/kafka", "bootstrap")]
    [InlineData("config: { kafka: { properties: { sasl.password: hunter2 } } }", "config.kafka.properties.sasl.password", "ConfigMap", "${file:/run/secrets/")]
    [InlineData("config: { http: { admin_token: abc } }", "config.http.admin_token", "ConfigMap", "${file:/run/secrets/")]
    [InlineData("config: { http: { listen: 'http://127.0.0.1:9464' } }", "config.http.listen", "http://0.0.0.0:9464")]
    [InlineData("config: { models: { directory: /models } }", "config.models.directory", "/var/lib/aeanomaly")]
    [InlineData("keda: { enabled: true, minReplicas: 5, maxReplicas: 2 }", "keda.maxReplicas is 2", "5")]
    [InlineData("prometheusRule: { enabled: true, disabled: [NoSuchAlert] }", "NoSuchAlert", "there are: ")]
    [InlineData("{ podMonitor: { enabled: true }, serviceMonitor: { enabled: true } }", "serviceMonitor.enabled", "twice")]
    [InlineData("ingress: { enabled: true, tlsSecretName: certificate }", "ingress.host")]
    public async Task Template_ValueThatIsWrong_SaysWhereAndWhat(string values, params string[] said)
    {
        var run = await ChartFolder.TemplateOfAsync(values);

        Assert.NotEqual(0, run.ExitCode);
        // Helm before version 4 writes paths with full stops.
        Assert.All(said, text => Assert.Contains(text.Trim('/').Replace('/', '.'), run.Error.Replace('/', '.'), StringComparison.Ordinal));
        Assert.True(run.Error.Split('\n').Length < 12, run.Error);
    }
}
