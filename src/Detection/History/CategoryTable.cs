namespace AEAnomaly.Detection.History;

/// <summary>Remembers some thousand categories with their decayed weight, and mean and variance of numbers within each.</summary>
/// <remarks>The hash of a category chooses one of the sets; within a set the lightest leaves where all slots are taken. A set fades when it is used.</remarks>
internal sealed class CategoryTable
{
    private const int Sets = 256;
    private const int SlotsOfSet = 8;

    private readonly int _numbers;
    private readonly double _halfLife;
    private readonly int _setCells;
    private readonly float[] _cells;
    private readonly double[] _seconds = new double[Sets];

    /// <summary>Creates an empty table.</summary>
    /// <param name="numbers">Numbers within each category.</param>
    /// <param name="halfLife">Half-life in seconds.</param>
    public CategoryTable(int numbers, double halfLife)
    {
        (_numbers, _halfLife) = (numbers, halfLife);
        _setCells = SlotsOfSet * CategorySlots.WidthOf(numbers);
        _cells = new float[Sets * _setCells];
        Array.Fill(_seconds, double.NegativeInfinity);
    }

    /// <summary>Gets how much all records count together, those of forgotten categories included.</summary>
    public double Weight { get; private set; }

    /// <summary>Gets the memory it takes.</summary>
    public long Bytes => (_cells.Length * (long)sizeof(float)) + (Sets * sizeof(double));

    /// <summary>Lets all records together count less.</summary>
    public void Fade(double factor) => Weight *= factor;

    /// <summary>Gives the slots that hold a category if any do, as of a time.</summary>
    public CategorySlots At(ulong category, double seconds)
    {
        var set = (int)(category % Sets);
        var slots = new CategorySlots(_cells.AsSpan(set * _setCells, _setCells), _numbers);
        if (seconds > _seconds[set])
        {
            slots.Fade((float)double.Exp2((_seconds[set] - seconds) / _halfLife));
            _seconds[set] = seconds;
        }

        return slots;
    }

    /// <summary>Adds a record to its category.</summary>
    public void Add(ulong category, double seconds, double weight, ReadOnlySpan<double> values)
    {
        At(category, seconds).Add(category, (float)weight, values);
        Weight += weight;
    }
}
