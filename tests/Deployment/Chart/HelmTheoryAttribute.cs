using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>A theory that renders the chart; skipped, with the reason, where Helm is missing, or what it needs beside.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HelmTheoryAttribute : TheoryAttribute
{
    /// <param name="needsSchemas">Whether manifests are held to the schemas of Kubernetes.</param>
    public HelmTheoryAttribute(bool needsSchemas = false)
    {
        NeedsSchemas = needsSchemas;
        if (TestEnvironment.FindTool("helm") is null)
            Skip = "the program 'helm' is not on the PATH";
        else if (needsSchemas)
            Skip = PackagedSchemas.WhyNot;
    }

    public bool NeedsSchemas { get; }
}
