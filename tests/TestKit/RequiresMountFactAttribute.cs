using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A fact that mounts file systems of its own (<see cref="MountedFolder"/>); skipped, with the reason, where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresMountFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(Try);

    public RequiresMountFactAttribute() => Skip = WhyNot.Value;

    private static string? Try()
    {
        try
        {
            using var mounted = MountedFolder.OfSize("64k");
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
