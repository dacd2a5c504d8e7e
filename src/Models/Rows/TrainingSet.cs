using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Rows;

/// <summary>Holds the encoded rows a network is trained on.</summary>
public sealed class TrainingSet
{
    private readonly int[]? _firstRecords;

    /// <summary>Creates a training set over arrays it does not copy.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="values">Features, row-major, <c>[rows, layout.Width]</c>; every value is finite.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="missing">Row-major <c>[rows, layout.BlockCount]</c>, 1 where the field was missing (its features then are 0 and left out of the loss); null when none is.</param>
    /// <exception cref="ArgumentException">An array is shorter than the shape says.</exception>
    public TrainingSet(FeatureLayout layout, float[] values, int rows, byte[]? missing = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (values.LongLength < (long)rows * layout.Width)
            throw new ArgumentException($"{rows} rows of {layout.Width} features need {(long)rows * layout.Width} values; found {values.Length}.", nameof(values));
        if (missing is not null && missing.LongLength < (long)rows * layout.BlockCount)
            throw new ArgumentException($"{rows} rows of {layout.BlockCount} blocks need {(long)rows * layout.BlockCount} flags; found {missing.Length}.", nameof(missing));

        Layout = layout;
        Values = values;
        Records = rows;
        Rows = rows;
        Missing = missing;
    }

    /// <summary>Creates a training set whose rows are windows: adjacent records of one key, oldest first. Windows may overlap; nothing is copied.</summary>
    /// <param name="layout">Layout of a record.</param>
    /// <param name="values">Features, row-major, <c>[records, layout.Width]</c>; every value is finite.</param>
    /// <param name="records">Number of records, at least 1.</param>
    /// <param name="missing">Row-major <c>[records, layout.BlockCount]</c>, or null.</param>
    /// <param name="window">Records of a window, at least 1.</param>
    /// <param name="firstRecords">Index of the first record of each window, ascending; at least one.</param>
    /// <exception cref="ArgumentException">An array is shorter than the shape says, or a window does not lie within the records.</exception>
    public TrainingSet(FeatureLayout layout, float[] values, int records, byte[]? missing, int window, int[] firstRecords)
        : this(layout, values, records, missing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentNullException.ThrowIfNull(firstRecords);
        if (firstRecords.Length == 0)
            throw new ArgumentException($"There is no window of {window} records.", nameof(firstRecords));
        for (var i = 0; i < firstRecords.Length; i++)
        {
            if (firstRecords[i] < 0 || firstRecords[i] > records - window || (i > 0 && firstRecords[i] < firstRecords[i - 1]))
                throw new ArgumentException($"Window {i} of {window} records begins at {firstRecords[i]}; windows ascend and lie within {records} records.", nameof(firstRecords));
        }

        Window = window;
        Rows = firstRecords.Length;
        _firstRecords = firstRecords;
    }

    /// <summary>Gets the layout of a row.</summary>
    public FeatureLayout Layout { get; }

    /// <summary>Gets the features, row-major <c>[records, features]</c>.</summary>
    public float[] Values { get; }

    /// <summary>Gets the number of records.</summary>
    public int Records { get; }

    /// <summary>Gets the number of rows to learn from: of records, or of windows.</summary>
    public int Rows { get; }

    /// <summary>Gets the records of a row.</summary>
    /// <value>1 where rows are records.</value>
    public int Window { get; } = 1;

    /// <summary>Gets the missing flags, row-major <c>[records, blocks]</c>, or null when no value is missing.</summary>
    public byte[]? Missing { get; }

    /// <summary>Finds the first record of a row.</summary>
    /// <param name="row">Row.</param>
    public int FirstRecord(int row) => _firstRecords is null ? row : _firstRecords[row];

    /// <summary>Finds the last record of a row, the one its score belongs to.</summary>
    /// <param name="row">Row.</param>
    public int LastRecord(int row) => FirstRecord(row) + Window - 1;

    /// <summary>Gets the flags of a row's records, or an empty span when no value of any row is missing.</summary>
    internal ReadOnlySpan<byte> FlagsOf(int row) => Missing is null ? default : Missing.AsSpan(FirstRecord(row) * Layout.BlockCount, Window * Layout.BlockCount);
}
