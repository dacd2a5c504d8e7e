namespace AEAnomaly.Detection.Features;

/// <summary>Proposes a field list from a sample of records.</summary>
public static class FieldProposer
{
    /// <summary>Proposes one declaration for each column, in order.</summary>
    /// <param name="columns">Sampled columns of equal length.</param>
    /// <param name="label">Column that the user named as the label, or null to recognise it by name.</param>
    public static IReadOnlyList<FieldProposal> Propose(IReadOnlyList<SampleColumn> columns, string? label = null) => throw new NotImplementedException();
}
