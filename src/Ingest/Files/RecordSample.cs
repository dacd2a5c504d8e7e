using AEAnomaly.Detection.Features;

namespace AEAnomaly.Ingest.Files;

/// <summary>Holds the first rows of a file as they are written.</summary>
/// <param name="Columns">One for each column with a name, or for each dotted path of a JSON value that any of the rows has.</param>
/// <param name="Errors">Rows left out.</param>
/// <param name="Notes">What else was left out, each in one sentence without its end: columns without a name.</param>
public sealed record RecordSample(IReadOnlyList<SampleColumn> Columns, IReadOnlyList<RowError> Errors, IReadOnlyList<string> Notes)
{
    /// <summary>Gets the rows sampled.</summary>
    public int Rows => Columns.Count == 0 ? 0 : Columns[0].Values.Count;
}
