namespace AEAnomaly.Host.CommandLine;

/// <summary>Says that the words of the command line do not make sense together; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
