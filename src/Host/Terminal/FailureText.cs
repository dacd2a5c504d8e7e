namespace AEAnomaly.Host.Terminal;

/// <summary>Gives what an exception says to a user.</summary>
internal static class FailureText
{
    /// <summary>Gives the message without the name of a parameter, which says nothing outside of the code.</summary>
    public static string Of(Exception problem) => problem is ArgumentException { ParamName: { } name }
        ? problem.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : problem.Message;
}
