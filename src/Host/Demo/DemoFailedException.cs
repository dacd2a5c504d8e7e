namespace AEAnomaly.Host.Demo;

/// <summary>Says why a demo could not go on.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
