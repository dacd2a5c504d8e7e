using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A fact that runs another program, say <c>promtool</c>; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresToolFactAttribute : FactAttribute
{
    /// <param name="tool">The program's name on the PATH.</param>
    public RequiresToolFactAttribute(string tool)
    {
        Tool = tool;
        if (TestEnvironment.FindTool(tool) is null)
        {
            Skip = $"the program '{tool}' is not on the PATH";
        }
    }

    public string Tool { get; }
}
