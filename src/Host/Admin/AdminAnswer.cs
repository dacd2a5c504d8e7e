namespace AEAnomaly.Host.Admin;

/// <summary>Answers an admin call.</summary>
/// <param name="Message">One sentence: what was done, or why not.</param>
/// <param name="Version">Version that scores now, where the call changed it.</param>
internal sealed record AdminAnswer(string Message, string? Version);
