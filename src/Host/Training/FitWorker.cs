using System.Diagnostics;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Transfer;
using AEAnomaly.Torch;

namespace AEAnomaly.Host.Training;

/// <summary>The training process: fits what a folder holds, says on standard output how that goes, and ends with whoever started it.</summary>
internal static class FitWorker
{
    /// <summary>The word that makes the program a training process: no command of its users.</summary>
    public const string Command = "fit-worker";

    public static int Run(string folder, string device, FitPriority priority)
    {
        FirstToEnd.Apply();
        if (priority == FitPriority.Low)
            LowPriority.Apply();
        EndWithParent(folder);
        // A thread of its own keeps what a native library holds by thread in one place, and ends before the process does: exiting during native work crashes.
        var exitCode = ExitCodes.Failed;
        var worker = new Thread(() => exitCode = Fit(folder, device)) { Name = "fit" };
        worker.Start();
        worker.Join();
        return exitCode;
    }

    private static int Fit(string folder, string device)
    {
        try
        {
            var files = new FitFolder(folder);
            var request = files.ReadRequest(TimeProvider.System, new LineProgress());
            var context = request.Context with { Device = Open(device, request.Context.Threads) };
            var model = ModelTrainer.Train(request.Set, request.Variant, request.Options, context);
            files.Write(model);
            return ExitCodes.Fine;
        }
        catch (Exception e)
        {
            // Whatever it is goes to the one who waits for the outcome, with what may help.
            var kind = e switch
            {
                ArgumentException => FitFailureKind.Argument,
                TrainingFailedException => FitFailureKind.Training,
                _ => FitFailureKind.Device,
            };
            Say(new FitMessage(Failure: new FitFailure(kind, FailureText.Of(e))));
            Console.Error.WriteLine(e);
            return ExitCodes.Failed;
        }
    }

    private static DeviceFactory Open(string device, int threads)
    {
        if (device == CpuDeviceFactory.Instance.Name)
            return CpuDeviceFactory.Instance;

        var library = TorchLibrary.Load(threads);
        var onGpu = device == DeviceFitter.NameOf(TrainingDevice.Cuda);
        return (onGpu ? library.CudaProblem : library.Problem) is { } problem
            ? throw new TrainingDeviceException($"Training on {device}: {problem}")
            : new TorchDeviceFactory(library, onGpu);
    }

    // The other end of standard input is held by the one who waits: the end of the stream is the end of that process, however it came.
    private static void EndWithParent(string folder)
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }

            new FitWorkFolder(folder).Dispose();
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true, Name = "parent" };
        watcher.Start();
    }

    private static void Say(FitMessage message)
    {
        Console.Out.WriteLine(message.ToLine());
        Console.Out.Flush();
    }

    private sealed class LineProgress : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Say(new FitMessage(Progress: value));
    }
}
