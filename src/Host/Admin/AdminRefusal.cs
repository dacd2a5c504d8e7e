namespace AEAnomaly.Host.Admin;

/// <summary>Says why a caller is refused.</summary>
/// <param name="Status">Status of the answer.</param>
/// <param name="Message">One sentence.</param>
internal sealed record AdminRefusal(int Status, string Message);
