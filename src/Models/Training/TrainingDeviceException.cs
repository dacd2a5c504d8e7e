namespace AEAnomaly.Models.Training;

/// <summary>Says that a device that was to train cannot be used, or failed; another one might do the same work.</summary>
public sealed class TrainingDeviceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the device, what went wrong and what to do.</param>
    public TrainingDeviceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception around its cause.</summary>
    /// <param name="message">Names the device, what went wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingDeviceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public TrainingDeviceException()
    {
    }
}
