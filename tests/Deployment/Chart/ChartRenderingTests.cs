using System.Text.Json.Nodes;
using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>What the chart makes of each set of values is taken by Kubernetes, by its strictest level of security, and by the daemon.</summary>
public sealed class ChartRenderingTests(RenderedValueSets sets) : IClassFixture<RenderedValueSets>
{
    [Fact]
    public void Sets_OfValues_AreManyEnough() => Assert.True(ValueSets.Names.Count() >= 20, $"{ValueSets.Names.Count()} sets");

    [HelmTheory(needsSchemas: true)]
    [MemberData(nameof(ValueSets.Names), MemberType = typeof(ValueSets))]
    public void Manifests_OfASet_FitTheSchemasOfTheirKinds(string name)
    {
        Assert.NotEmpty(sets.ManifestsOf(name));
        Assert.Equal([], sets.FindingsOf(name));
    }

    [PackagedSchemasFact]
    public async Task Manifests_WithFieldsAndValuesThatDoNotExist_AreFound()
    {
        using var folder = new TemporaryFolder();
        var wrong = folder.Write("wrong.yaml", """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: { name: one }
            spec: { maxUnavailabel: 1 }
            ---
            apiVersion: monitoring.coreos.com/v1
            kind: PodMonitor
            metadata: { name: two }
            spec: { selector: {}, podMetricsEndpoints: [{ port: 9464 }] }
            ---
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObjects
            metadata: { name: three }
            """);

        var findings = Assert.Single(await PackagedSchemas.FindingsAsync("manifests", [wrong])).Value;

        Assert.Contains(findings, finding => finding.Contains("maxUnavailabel", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("podMetricsEndpoints/0/port", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("ScaledObjects", StringComparison.Ordinal));
    }

    [HelmTheory]
    [MemberData(nameof(ValueSets.Names), MemberType = typeof(ValueSets))]
    public void Pod_OfASet_IsRestrictedAndWritesOnlyToItsVolumes(string name)
    {
        var pod = Pod(name);

        Assert.Equal([], RestrictedProfile.Violations(pod));
        Assert.False((bool)pod["automountServiceAccountToken"]!);
        Assert.True((bool)Daemon(pod)["securityContext"]!["readOnlyRootFilesystem"]!);
        // Every mount has its volume; a claim of a StatefulSet's own is one too.
        var claims = Workload(name)["spec"]!["volumeClaimTemplates"]?.AsArray().Select(claim => (string?)claim!["metadata"]!["name"]) ?? [];
        var volumes = pod["volumes"]!.AsArray().Select(volume => (string?)volume!["name"]).Concat(claims).ToArray();
        Assert.Equal(volumes.Distinct().Order(), volumes.Order());
        Assert.Subset(volumes.ToHashSet(), Daemon(pod)["volumeMounts"]!.AsArray().Select(mount => (string?)mount!["name"]).ToHashSet());
    }

    [HelmTheory]
    [MemberData(nameof(ValueSets.Names), MemberType = typeof(ValueSets))]
    public void Selectors_OfASet_FindThePodsOfTheRelease(string name)
    {
        var labels = Workload(name)["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();
        var ports = Daemon(Pod(name))["ports"]!.AsArray().Select(port => (string?)port!["name"]).ToArray();

        foreach (var manifest in sets.ManifestsOf(name))
        {
            var selector = (string?)manifest["kind"] switch
            {
                "Service" => manifest["spec"]!["selector"],
                "NetworkPolicy" => manifest["spec"]!["podSelector"]!["matchLabels"],
                "PodDisruptionBudget" or "PodMonitor" or "StatefulSet" or "Deployment" => manifest["spec"]!["selector"]!["matchLabels"],
                _ => null,
            };
            if (selector is not null)
                Assert.All(selector.AsObject(), wanted => Assert.Equal((string?)wanted.Value, (string?)labels[wanted.Key]));
            foreach (var port in (string?)manifest["kind"] == "Service" ? manifest["spec"]!["ports"]!.AsArray() : [])
                Assert.Contains((string?)port!["targetPort"], ports);
        }
    }

    [HelmTheory]
    [InlineData("network-policy-open", 53, 9092)]
    [InlineData("network-policy-more", 53, 80, 443, 9092, 9093, 9094)]
    [InlineData("everything", 53, 9093, 4317)]
    public void NetworkPolicy_OfASet_LetsOutWhatTheConfigurationNames(string name, params int[] ports)
    {
        var policy = sets.ManifestsOf(name).Single(manifest => (string?)manifest["kind"] == "NetworkPolicy");

        var open = policy["spec"]!["egress"]!.AsArray().SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (int)port!["port"]!.GetValue<long>());
        Assert.Equal(ports.Order(), open.Distinct().Order());
    }

    [HelmTheory]
    [MemberData(nameof(ValueSets.Names), MemberType = typeof(ValueSets))]
    public void Configuration_OfASet_IsTakenByTheDaemonWithTheVariablesOfThePod(string name)
    {
        using var folder = new TemporaryFolder();
        var text = (string)sets.ManifestsOf(name).Single(manifest => (string?)manifest["kind"] == "ConfigMap" && manifest["data"]!["aeanomaly.yaml"] is not null)["data"]!["aeanomaly.yaml"]!;
        // Secrets are mounted in the pod only.
        foreach (var line in text.Split('\n').Where(line => line.Contains("${file:/run/secrets/", StringComparison.Ordinal)))
            folder.Write(line.Split("${file:/run/secrets/")[1].Split('}')[0], "secret");
        var warnings = new List<ConfigurationError>();

        var options = ConfigurationLoader.Load(
            folder.Write("aeanomaly.yaml", text.Replace("/run/secrets", folder.Path, StringComparison.Ordinal)), Variables(name), warn: warnings.Add, rules: DaemonRules.RequireBrokers);

        Assert.Equal([], warnings.Select(warning => warning.ToString()));
        Assert.Equal(Daemon(Pod(name))["ports"]![0]!["containerPort"]!.GetValue<long>(), new Uri(options.Http.Listen).Port);
        if ((string?)Workload(name)["kind"] == "StatefulSet" && Variables(name).ContainsKey("AEANOMALY__KAFKA__INSTANCE_ID"))
            Assert.Equal("pod-0", options.Kafka.InstanceId);
    }

    private static JsonObject Daemon(JsonObject pod) => pod["containers"]!.AsArray().Single(container => (string?)container!["name"] == "aeanomaly")!.AsObject();

    private JsonObject Workload(string name) => sets.ManifestsOf(name).Single(manifest => manifest.Pod() is not null);

    private JsonObject Pod(string name) => Workload(name).Pod()!;

    private Dictionary<string, string> Variables(string name) =>
        Daemon(Pod(name))["env"]!.AsArray().ToDictionary(entry => (string)entry!["name"]!, entry => (string?)entry!["value"] ?? "pod-0");
}
