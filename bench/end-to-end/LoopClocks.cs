using System.Diagnostics;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds what the loop's thread and its process had used at one moment.</summary>
/// <param name="WallSeconds">Time.</param>
/// <param name="ThreadSeconds">Processor time of the calling thread.</param>
/// <param name="ProcessSeconds">Processor time of all threads of the process, librdkafka's included.</param>
/// <param name="AllocatedBytes">Bytes that the managed heap gave the calling thread.</param>
internal readonly record struct LoopClocks(double WallSeconds, double ThreadSeconds, double ProcessSeconds, long AllocatedBytes)
{
    public static LoopClocks Read() => new(
        (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency,
        ThreadClock.Seconds,
        Environment.CpuUsage.TotalTime.TotalSeconds,
        GC.GetAllocatedBytesForCurrentThread());
}
