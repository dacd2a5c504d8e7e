using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Image;

/// <summary>The command of the container engine of this machine, and the image that the tests look at.</summary>
internal static class ContainerEngineCommand
{
    /// <summary>Names an image that was built from the Containerfile; .ci/run builds one where it can.</summary>
    public const string Variable = "AEANOMALY_TEST_IMAGE";

    // How a cluster runs it: nothing may be written but the volumes, nothing may be gained.
    private static readonly string[] AsAClusterRunsIt = ["--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"];

    public static string Image => Environment.GetEnvironmentVariable(Variable) ?? "";

    public static string Program => TestEnvironment.FindTool("podman") is not null ? "podman" : "docker";

    /// <summary>Gets why the image cannot be looked at here, or null.</summary>
    public static string? WhyNot =>
        Image.Length == 0 ? $"{Variable} is not set: it names an image built from the Containerfile"
        : TestEnvironment.FindTool(Program) is null ? "neither podman nor docker is on the PATH"
        : null;

    /// <summary>Makes the arguments of a run as a cluster runs it: <c>run OPTIONS IMAGE WORDS</c>.</summary>
    public static string[] Run(string[] options, params string[] words) => ["run", .. AsAClusterRunsIt, .. options, Image, .. words];
}
