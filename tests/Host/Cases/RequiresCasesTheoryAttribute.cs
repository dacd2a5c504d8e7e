namespace AEAnomaly.Host.Tests.Cases;

/// <summary>A theory on the folder of cases from the field, which the environment names; skipped where it does not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresCasesTheoryAttribute : TheoryAttribute
{
    /// <summary>Name of the variable that holds the folder.</summary>
    public const string Variable = "AEANOMALY_CASES";

    public RequiresCasesTheoryAttribute()
    {
        if (Folder is null)
            Skip = $"{Variable} is not set: it names the folder of odd input from the field";
        else if (!Directory.Exists(Folder))
            Skip = $"{Variable} is '{Folder}', which is no folder";
    }

    /// <summary>Gets the folder, or null.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
}
