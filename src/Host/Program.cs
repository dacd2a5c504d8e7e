using AEAnomaly.Host.CommandLine;

// Told before anything is loaded: scripts ask for it, and it costs nothing this way.
if (args is ["--version"])
{
    Console.WriteLine(ProductVersion.Text);
    return ExitCodes.Fine;
}

using var stop = new StopSignal();
return await CommandRunner.RunAsync(args, CommandEnvironment.OfProcess(), stop.Token);
