using System.Diagnostics;
using System.Globalization;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Transfer;

namespace AEAnomaly.Host.Training;

/// <summary>Fits networks in a process of their own, which may crash, be killed or keep memory without harm to this one.</summary>
/// <param name="program">Program to start.</param>
/// <param name="device">Device to train on: native, torch or cuda.</param>
internal sealed class ChildFitter(ChildProgram program, string device) : IModelFitter
{
    private const string FolderPrefix = "aeanomaly-fit-";
    private static readonly TimeSpan EndOfKilled = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public TrainedModel Fit(TrainingSet rows, VariantOptions variant, TrainingOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var folder = CreateFolder();
        var files = new FitFolder(folder.Path);
        try
        {
            files.Write(new FitRequest(rows, variant, options, context));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelFileException)
        {
            throw new TrainingDeviceException($"Training on {device} hands its rows over in {folder.Path}, which cannot be written: {e.Message} Make room, or set TMPDIR to another folder.", e);
        }

        Run(folder.Path, context, cancellationToken);
        try
        {
            return files.ReadOutcome();
        }
        catch (Exception e) when (e is InvalidDataException or ModelFileException or IOException)
        {
            throw new TrainingDeviceException($"The training process on {device} ended well, but left no network: {e.Message}", e);
        }
    }

    private void Run(string folder, FitContext context, CancellationToken cancellationToken)
    {
        var start = program.StartInfo(FitWorker.Command, folder, device, program.Priority.ToString());
        // Read once, when the native library is loaded.
        start.Environment["OMP_NUM_THREADS"] = context.Threads.ToString(CultureInfo.InvariantCulture);
        // Its threads wait for each other thousands of times a second. By default they spin meanwhile, which takes from scoring what they wait for: beside two busy
        // threads on two cores, training took eight times as long.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "PASSIVE");
        using var process = Start(start);
        var errors = new TextTail(process.StandardError);
        FitFailure? failure = null;
        using (cancellationToken.Register(() => Kill(process)))
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                var message = FitMessage.Parse(line);
                failure = message?.Failure ?? failure;
                if (message?.Progress is { } progress)
                    context.Progress?.Report(progress);
            }

            process.WaitForExit();
        }

        var last = errors.Finish(EndOfKilled);
        cancellationToken.ThrowIfCancellationRequested();
        switch (failure?.Kind)
        {
            case FitFailureKind.Argument:
                throw new ArgumentException(failure.Message);
            case FitFailureKind.Training:
                throw new TrainingFailedException(failure.Message);
            case FitFailureKind.Device:
                throw new TrainingDeviceException(failure.Message);
            case null when process.ExitCode != 0:
                throw new TrainingDeviceException($"The training process on {device} {ChildExit.Describe(process.ExitCode)}{(last.Length == 0 ? "." : $"; it wrote last: {last}")}");
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new TrainingDeviceException($"The training process on {device} ({start.FileName}) cannot be started: {e.Message}", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private FitWorkFolder CreateFolder()
    {
        try
        {
            return new FitWorkFolder(Directory.CreateTempSubdirectory(FolderPrefix).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingDeviceException($"Training on {device} needs a folder for temporary files, and {Path.GetTempPath()} cannot be written: {e.Message} Set TMPDIR to one that can.", e);
        }
    }
}
