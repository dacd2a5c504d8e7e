namespace AEAnomaly.Ingest.Files;

/// <summary>States how the rows of a file become messages.</summary>
public sealed class ReplayOptions
{
    /// <summary>Gets the column or dotted path whose text is the message key.</summary>
    /// <value>Default null: no key.</value>
    public string? KeyField { get; init; }

    /// <summary>Gets the column or dotted path whose moment is the message's timestamp.</summary>
    /// <value>Default null: no timestamp.</value>
    public string? TimeField { get; init; }

    /// <summary>Gets whether rows go out in the order of <see cref="TimeField"/> instead of the file's; all of them are then held in memory.</summary>
    /// <value>Default false.</value>
    public bool SortByTime { get; init; }

    /// <summary>Gets the columns of a CSV file whose cells stay texts even where they look like JSON numbers: 1.234 is a thousand where the comma is the decimal mark.</summary>
    /// <value>Default empty.</value>
    public IReadOnlyCollection<string> TextColumns { get; init; } = [];

    /// <summary>Gets the messages a second, above 0.</summary>
    /// <value>Default null: as fast as they are taken.</value>
    public double? RecordsPerSecond { get; init; }
}
