using System.Reflection;
using System.Runtime.InteropServices;

namespace AEAnomaly.Ingest.Native;

/// <summary>Leads the imports of this assembly to the very library that Confluent.Kafka has loaded.</summary>
/// <remarks>
/// The package librdkafka.redist holds several variants for Linux: <c>librdkafka</c> needs libsasl2.so.3, which Debian 12 and Ubuntu 24.04 lack;
/// <c>centos8-librdkafka</c> needs glibc only; <c>alpine-librdkafka</c> needs musl. Confluent.Kafka asks for them in an order of its own
/// (LibRdKafka.LoadLinuxDelegates) and takes the first that loads. Handles are shared between it and this assembly, so both must use one copy.
/// </remarks>
internal static class LibrdkafkaResolver
{
    /// <summary>Gets the name that the imports of this assembly ask for.</summary>
    public const string Name = "librdkafka";

    private const string MapsPath = "/proc/self/maps";
    private const string OnlyOne = "Leave only the one that came with the program in its folder.";

    /// <summary>Gets the names that Confluent.Kafka asks for on this platform, in its order.</summary>
    public static IReadOnlyList<string> Candidates { get; } =
        OperatingSystem.IsLinux() && IsAlpine() ? ["alpine-librdkafka"]
        : OperatingSystem.IsLinux() ? [Name, "centos8-librdkafka"]
        : [Name];

    /// <summary>Loads the library through Confluent.Kafka, directs the imports of this assembly there, and checks that both lead to the same file.</summary>
    /// <exception cref="DllNotFoundException">No variant can be loaded, or two different ones were.</exception>
    public static void Register()
    {
        try
        {
            Confluent.Kafka.Library.Load();
        }
        catch (DllNotFoundException)
        {
            // Confluent.Kafka drops the reasons; here they are asked for once more.
            throw new DllNotFoundException(
                $"librdkafka cannot be loaded: {string.Join("; ", Candidates.Select(candidate => $"{candidate}: {WhyNot(candidate)}"))}. "
                + "Install the library that is named, or the program anew and whole.");
        }

        NativeLibrary.SetDllImportResolver(typeof(LibrdkafkaResolver).Assembly, Resolve);
        RefuseTwo();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name)
            return 0;

        // Asked for on behalf of Confluent.Kafka's assembly: the same names, in the same order, searched for in the same folders.
        foreach (var candidate in Candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(Confluent.Kafka.Library).Assembly, searchPath: null, out var handle))
                return handle;
        }

        return 0;
    }

    private static void RefuseTwo()
    {
        var own = Marshal.PtrToStringUTF8(Librdkafka.VersionString());
        var confluent = Confluent.Kafka.Library.VersionString;
        if (own != confluent)
            throw new DllNotFoundException($"Confluent.Kafka loaded librdkafka {confluent}, but the name '{Name}' leads to {own}. {OnlyOne}");

        // Two variants of one version say the same of themselves; the files that are mapped do not.
        var files = MappedFiles();
        if (files.Count > 1)
            throw new DllNotFoundException($"Two copies of librdkafka are loaded: {string.Join(", ", files)}. {OnlyOne}");
    }

    /// <summary>Lists the files of librdkafka that this process has mapped; empty where the system does not tell.</summary>
    internal static IReadOnlyList<string> MappedFiles() => !File.Exists(MapsPath) ? [] :
        [.. File.ReadLines(MapsPath)
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "")
            .Where(path => Path.GetFileName(path).Contains(Name, StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal)];

    private static string WhyNot(string candidate)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(candidate, typeof(Confluent.Kafka.Library).Assembly, searchPath: null));
            return "lacks functions that this version of Confluent.Kafka needs";
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            // The runtime lists a dozen places where the file is not; what counts is a file that is there and needs another one.
            return exception.Message.Split('\n').Skip(1).FirstOrDefault(line => line.Contains(": ", StringComparison.Ordinal) && !line.Contains(candidate, StringComparison.Ordinal))
                ?? "not among the program's files";
        }
    }

    // As Confluent.Kafka finds out: by the system's own name, not by its C library.
    private static bool IsAlpine()
    {
        const string release = "/etc/os-release";
        return File.Exists(release) && File.ReadLines(release).Any(line => line.Trim() is "ID=alpine" or "ID=\"alpine\"");
    }
}
