using System.Runtime.InteropServices;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Reads the processor time the calling thread has used.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Gets seconds of processor time; the bench runs on Linux only.</summary>
    public static double Seconds => ClockGetTime(ThreadCpuTime, out var time) == 0
        ? time.Seconds + (time.Nanoseconds * 1e-9)
        : throw new PlatformNotSupportedException("The processor time of a thread cannot be read here.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
