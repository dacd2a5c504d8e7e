using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Host.Training;

// Told before anything is loaded: scripts ask for it, and it costs nothing this way.
if (args is ["--version"])
{
    Console.WriteLine(ProgramVersion.Number);
    return ExitCodes.Fine;
}

if (args is [FitWorker.Command, var folder, var device, var priority])
    return FitWorker.Run(folder, device, Enum.Parse<FitPriority>(priority));

using var stop = new StopSignal();
return await CommandRunner.RunAsync(args, CommandEnvironment.OfProcess(), stop.Token);
