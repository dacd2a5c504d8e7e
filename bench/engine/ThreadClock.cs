using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AEAnomaly.Bench.Engine;

/// <summary>Reads the processor time the calling thread has used, so that neighbours on the machine do not count.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Gets seconds of processor time on Linux, of wall time elsewhere.</summary>
    public static double Seconds =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out var time) == 0
            ? time.Seconds + (time.Nanoseconds * 1e-9)
            : (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
