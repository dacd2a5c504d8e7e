namespace AEAnomaly.Deployment.Tests.Image;

/// <summary>A fact about the image; skipped, with the reason, where none was built or no container engine is here.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ImageFactAttribute : FactAttribute
{
    public ImageFactAttribute() => Skip = ContainerEngineCommand.WhyNot;
}
