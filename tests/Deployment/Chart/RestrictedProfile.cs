using System.Text.Json.Nodes;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>The level <c>restricted</c> of the Pod Security Standards, as far as a manifest can be held to it.</summary>
internal static class RestrictedProfile
{
    private static readonly string[] VolumeKinds =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    /// <summary>Lists what of a pod the level does not allow.</summary>
    public static IEnumerable<string> Violations(JsonObject pod)
    {
        foreach (var name in (string[])["hostNetwork", "hostPID", "hostIPC"])
        {
            if (pod[name] is not null)
                yield return $"{name} is set";
        }

        foreach (var volume in pod["volumes"]?.AsArray() ?? [])
        {
            if (volume!.AsObject().FirstOrDefault(entry => entry.Key != "name" && !VolumeKinds.Contains(entry.Key)) is { Key: { } kind })
                yield return $"volume {volume["name"]} is of kind {kind}";
        }

        var shared = pod["securityContext"] as JsonObject;
        foreach (var list in (string[])["initContainers", "containers"])
        {
            foreach (var container in pod[list]?.AsArray() ?? [])
            {
                foreach (var violation in OfContainer(container!.AsObject(), shared))
                    yield return $"container {container["name"]}: {violation}";
            }
        }
    }

    private static IEnumerable<string> OfContainer(JsonObject container, JsonObject? shared)
    {
        var own = container["securityContext"] as JsonObject;
        if ((bool?)own?["allowPrivilegeEscalation"] != false)
            yield return "allowPrivilegeEscalation is not false";
        if ((bool?)own?["privileged"] == true)
            yield return "privileged";
        if (own?["capabilities"]?["drop"]?.AsArray().Any(capability => (string?)capability == "ALL") != true)
            yield return "capabilities are not dropped";
        if (own?["capabilities"]?["add"]?.AsArray().Any(capability => (string?)capability != "NET_BIND_SERVICE") == true)
            yield return "capabilities are added";
        if ((bool?)(own?["runAsNonRoot"] ?? shared?["runAsNonRoot"]) != true)
            yield return "runAsNonRoot is not true";
        if ((long?)(own?["runAsUser"] ?? shared?["runAsUser"]) == 0)
            yield return "runs as root";
        if ((string?)(own?["seccompProfile"] ?? shared?["seccompProfile"])?["type"] is not ("RuntimeDefault" or "Localhost"))
            yield return "no seccomp profile";
        foreach (var port in container["ports"]?.AsArray() ?? [])
        {
            if (port!["hostPort"] is not null)
                yield return "a port of the host";
        }
    }
}
