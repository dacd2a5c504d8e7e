using System.Reflection;

namespace AEAnomaly.Detection.Registry;

/// <summary>Names this build, as Directory.Build.props numbers it.</summary>
public static class ProgramVersion
{
    private static readonly string[] Parts =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);

    /// <summary>Gets the number: "0.1.0".</summary>
    public static string Number => Parts[0];

    /// <summary>Gets the commit it was built from, or "unknown" where the sources were no checkout.</summary>
    public static string Revision => Parts is [_, var revision] ? revision : "unknown";
}
