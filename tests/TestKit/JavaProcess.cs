using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AEAnomaly.TestKit;

/// <summary>A Java program that cannot outlive the tests, with its output in a file.</summary>
internal sealed class JavaProcess : IDisposable
{
    // The shell waits for the program and hands on its exit code. Its standard input is a pipe held by the test process alone: when that ends,
    // however it ends, the pipe closes and the watcher kills the program.
    private const string Script =
        """
        log=$1; shift
        exec 3<&0 2>>"$log"
        java "$@" </dev/null >>"$log" 3<&- &
        program=$!
        echo $program
        (read -r _ <&3; kill -9 $program 2>/dev/null) >/dev/null &
        watcher=$!
        wait $program
        code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private readonly Process _shell;
    private readonly int _processId;

    private JavaProcess(Process shell, int processId)
    {
        _shell = shell;
        _processId = processId;
    }

    public bool HasExited => _shell.HasExited;

    public int ExitCode => _shell.ExitCode;

    /// <summary>Starts <c>java</c> with arguments, its output appended to a file.</summary>
    /// <exception cref="InvalidOperationException">There is no Java runtime on the PATH.</exception>
    public static JavaProcess Start(string logPath, IEnumerable<string> arguments)
    {
        if (TestEnvironment.FindTool("java") is null)
        {
            throw new InvalidOperationException("a real broker needs a Java 17 runtime ('java' on the PATH; Debian: openjdk-17-jre-headless)");
        }

        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", Script, "sh", logPath, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var shell = Process.Start(start) ?? throw new InvalidOperationException("the shell did not start");
        return new JavaProcess(shell, int.Parse(shell.StandardOutput.ReadLine() ?? "", CultureInfo.InvariantCulture));
    }

    /// <summary>Sends a signal to the Java program itself, not to the shell around it.</summary>
    public void Signal(int signal)
    {
        if (Posix.SendSignal(_processId, signal) != 0 && !HasExited)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    public void Dispose()
    {
        if (!HasExited)
        {
            Signal(Posix.Kill);
            _shell.WaitForExit();
        }

        _shell.Dispose();
    }
}
