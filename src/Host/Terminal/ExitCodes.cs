namespace AEAnomaly.Host.Terminal;

/// <summary>The exit codes of every command.</summary>
internal static class ExitCodes
{
    public const int Fine = 0;

    /// <summary>The work failed.</summary>
    public const int Failed = 1;

    /// <summary>The words were wrong: arguments or configuration.</summary>
    public const int Usage = 2;
}
