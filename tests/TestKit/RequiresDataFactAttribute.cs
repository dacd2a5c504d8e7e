using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A fact on real data; skipped, with the reason, where the data is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresDataFactAttribute : FactAttribute
{
    /// <param name="path">A file or folder that the test reads, relative to the data folder.</param>
    public RequiresDataFactAttribute(string path = "")
    {
        DataPath = path;
        if (TestEnvironment.DataFolder is not { } folder)
        {
            Skip = $"{TestEnvironment.DataVariable} is not set: it names the folder of the public data sets";
        }
        else if (!System.IO.Path.Exists(System.IO.Path.Combine(folder, path)))
        {
            Skip = $"{TestEnvironment.DataVariable} is '{folder}', which has no '{path}'";
        }
    }

    public string DataPath { get; }
}
