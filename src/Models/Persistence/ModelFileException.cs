namespace AEAnomaly.Models.Persistence;

/// <summary>Says why a model file was refused.</summary>
public sealed class ModelFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the file, what was found and what was expected.</param>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception around its cause.</summary>
    /// <param name="message">Names the file, what was found and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public ModelFileException()
    {
    }
}
