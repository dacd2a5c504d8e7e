using System.Runtime.InteropServices;

namespace AEAnomaly.TestKit;

/// <summary>Signals, with Linux's numbers.</summary>
public static partial class Posix
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int SendSignal(int processId, int signal);
}
