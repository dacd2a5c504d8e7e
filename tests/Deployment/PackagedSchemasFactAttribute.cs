namespace AEAnomaly.Deployment.Tests;

/// <summary>A fact that holds files to the schemas of others; skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PackagedSchemasFactAttribute : FactAttribute
{
    public PackagedSchemasFactAttribute() => Skip = PackagedSchemas.WhyNot;
}
