namespace AEAnomaly.Detection.Registry;

/// <summary>Says that a model was trained for other fields than those declared now.</summary>
public sealed class SpecMismatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the model, both hashes and what to do.</param>
    public SpecMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception around its cause.</summary>
    /// <param name="message">Names the model, both hashes and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public SpecMismatchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public SpecMismatchException()
    {
    }
}
