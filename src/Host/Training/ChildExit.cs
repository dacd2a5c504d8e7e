namespace AEAnomaly.Host.Training;

/// <summary>Says in words how a process ended.</summary>
internal static class ChildExit
{
    // A shell's convention, which the runtime follows: 128 and the signal.
    private const int SignalBase = 128;

    public static string Describe(int exitCode) => (exitCode - SignalBase) switch
    {
        4 => "was ended by an illegal instruction (signal 4): this processor lacks what the library was built for",
        6 => "ended itself (signal 6, abort)",
        9 => "was killed (signal 9), as the system does where memory runs out",
        11 => "crashed (signal 11, segmentation fault)",
        15 => "was told to end (signal 15)",
        > 0 and < 65 and var signal => $"was ended by signal {signal}",
        _ => $"ended with exit code {exitCode}",
    };
}
