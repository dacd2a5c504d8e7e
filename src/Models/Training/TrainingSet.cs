using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Training;

/// <summary>Holds the encoded rows a network is trained on.</summary>
public sealed class TrainingSet
{
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
        Rows = rows;
        Missing = missing;
    }

    /// <summary>Gets the layout of a row.</summary>
    public FeatureLayout Layout { get; }

    /// <summary>Gets the features, row-major <c>[rows, features]</c>.</summary>
    public float[] Values { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Rows { get; }

    /// <summary>Gets the missing flags, row-major <c>[rows, blocks]</c>, or null when no value is missing.</summary>
    public byte[]? Missing { get; }
}
