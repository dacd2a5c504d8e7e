namespace AEAnomaly.Models.Completion;

/// <summary>Holds the donors' values; a block that a donor lacks is marked.</summary>
/// <param name="shape">What a row is made of.</param>
/// <param name="values">Row-major <c>[donors, shape.Width]</c>.</param>
internal sealed class DonorTable(DonorShape shape, float[] values)
{
    // Finite, so that it can be stored, and far beyond what the encoder gives.
    private const float Absent = float.MaxValue;

    /// <summary>Gets what a row is made of.</summary>
    public DonorShape Shape => shape;

    /// <summary>Gets the number of donors.</summary>
    public int Count { get; } = values.Length / shape.Width;

    /// <summary>Gets everything there is to store.</summary>
    public float[] Values => values;

    /// <summary>Sets a donor.</summary>
    /// <param name="donor">Donor.</param>
    /// <param name="row">Its values.</param>
    /// <param name="missing">Its flags, or empty.</param>
    public void Set(int donor, ReadOnlySpan<float> row, ReadOnlySpan<byte> missing)
    {
        var own = values.AsSpan(donor * shape.Width, shape.Width);
        row.CopyTo(own);
        for (var block = 0; block < missing.Length; block++)
        {
            if (missing[block] != 0)
                own.Slice(shape.StartOf(block), shape.WidthOf(block)).Fill(Absent);
        }
    }

    /// <summary>Tells whether a donor has a block.</summary>
    public bool Has(int donor, int block) => values[(donor * shape.Width) + shape.StartOf(block)] < Absent;

    /// <summary>Gets a donor's values; those of blocks that it lacks are no numbers to use.</summary>
    public ReadOnlySpan<float> ValuesOf(int donor) => values.AsSpan(donor * shape.Width, shape.Width);
}
