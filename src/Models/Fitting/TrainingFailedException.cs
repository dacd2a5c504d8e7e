namespace AEAnomaly.Models.Fitting;

/// <summary>Says that a training run could not give a usable network.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, at which step, and what to change.</param>
    public TrainingFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception around its cause.</summary>
    /// <param name="message">What went wrong, at which step, and what to change.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public TrainingFailedException()
    {
    }
}
