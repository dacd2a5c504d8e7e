using System.Globalization;
using AEAnomaly.Detection.Training;

namespace AEAnomaly.Detection.Tests.Training;

public sealed class TrainingThreadTests
{
    [Fact]
    public async Task RunAsync_Work_RunsOnAThreadOfItsOwnAtLowPriority()
    {
        var (name, pooled, niceness) = await TrainingThread.RunAsync("train x", () => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread, Niceness()));

        Assert.Equal(("train x", false), (name, pooled));

        // Only that thread: the runtime's own priorities do nothing on Linux, and niceness must not reach the threads that score.
        if (OperatingSystem.IsLinux())
            Assert.Equal(Math.Min(19, Niceness() + 10), niceness);
    }

    [Fact]
    public async Task RunAsync_WorkThrows_TheAwaiterGetsIt()
    {
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => TrainingThread.RunAsync<int>("train x", () => throw new InvalidDataException("bad")));

        Assert.Equal("bad", e.Message);
    }

    // proc(5): the 19th field of stat, counted after the name in parentheses, which may hold spaces.
    private static int Niceness()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
