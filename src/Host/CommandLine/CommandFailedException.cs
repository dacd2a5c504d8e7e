namespace AEAnomaly.Host.CommandLine;

/// <summary>Says in one sentence why a command could not do its work, and what to do; exit code 1.</summary>
internal sealed class CommandFailedException(string message, Exception? cause = null) : Exception(message, cause);
