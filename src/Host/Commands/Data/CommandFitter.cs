using System.CommandLine;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Training;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Finds what a command trains on: the word of the command line, or what the configuration says.</summary>
internal static class CommandFitter
{
    /// <summary>Creates the fitter.</summary>
    /// <param name="environment">Where it is said that the native engine stood in.</param>
    /// <param name="parsed">Command line.</param>
    /// <param name="options">Its options.</param>
    /// <param name="detector">Detector that is trained.</param>
    public static IModelFitter Create(CommandEnvironment environment, ParseResult parsed, DataOptions options, DetectorOptions detector)
    {
        return new DeviceFitter(
            parsed.GetValue(options.Device) is { } word ? Enum.Parse<TrainingDevice>(word, ignoreCase: true) : detector.Training.Device,
            detector.Training.Fallback,
            ChildProgram.Self,
            reason => environment.Error.WriteLine($"trained with the native engine instead: {reason}"));
    }
}
