namespace AEAnomaly.Detection.History;

/// <summary>Remembers some categories with their decayed weight, and mean and variance of numbers within each, in fixed room.</summary>
/// <remarks>
/// A slot holds half of the category's hash (0: free), its weight, then weight, mean and variance of each number. Where all are taken, the category of the smallest
/// weight leaves: rare ones of a key with very many. Its comeback counts as new.
/// </remarks>
/// <param name="cells">Room, <c>[slots, 2 + 3 numbers]</c>; hashes are kept as the bits of floats.</param>
/// <param name="numbers">Numbers within each category.</param>
internal readonly ref struct CategorySlots(Span<float> cells, int numbers)
{
    private readonly Span<float> _cells = cells;
    private readonly int _width = WidthOf(numbers);

    /// <summary>Gives the floats of a slot.</summary>
    public static int WidthOf(int numbers) => 2 + (3 * numbers);

    /// <summary>Finds a category's slot, or -1.</summary>
    public int Find(ulong category)
    {
        var hash = Half(category);
        for (var cell = 0; cell < _cells.Length; cell += _width)
        {
            if (BitConverter.SingleToUInt32Bits(_cells[cell]) == hash)
                return cell;
        }

        return -1;
    }

    /// <summary>Lets all categories count less.</summary>
    public void Fade(float factor)
    {
        for (var slot = 0; slot < _cells.Length; slot += _width)
        {
            _cells[slot + 1] *= factor;
            for (var cell = slot + 2; cell < slot + _width; cell += 3)
                _cells[cell] *= factor;
        }
    }

    /// <summary>Gives how much all remembered categories count together, and how many they are.</summary>
    public (double Weight, int Count) Total()
    {
        double weight = 0;
        var count = 0;
        for (var cell = 0; cell < _cells.Length; cell += _width)
        {
            if (BitConverter.SingleToUInt32Bits(_cells[cell]) == 0)
                continue;
            weight += _cells[cell + 1];
            count++;
        }

        return (weight, count);
    }

    /// <summary>Gives how much a category counts; 0 for one that is not remembered.</summary>
    public double Weight(int slot) => slot < 0 ? 0 : _cells[slot + 1];

    /// <summary>Gives what is remembered of a number within a category.</summary>
    public Moments Within(int slot, int number) =>
        slot < 0 ? default : new Moments(_cells[slot + 2 + (3 * number)], _cells[slot + 3 + (3 * number)], _cells[slot + 4 + (3 * number)]);

    /// <summary>Adds a record to its category.</summary>
    /// <param name="category">Hash of the category.</param>
    /// <param name="weight">How much it counts, above 0.</param>
    /// <param name="values">The numbers; one that is missing leaves what is remembered of it.</param>
    public void Add(ulong category, float weight, ReadOnlySpan<double> values)
    {
        var slot = Find(category);
        if (slot < 0)
        {
            slot = Lightest();
            if (_cells[slot + 1] > weight)
                return;
            _cells.Slice(slot, _width).Clear();
            _cells[slot] = BitConverter.UInt32BitsToSingle(Half(category));
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
                continue;
            var moments = Within(slot, i).With(values[i], weight);
            _cells[slot + 2 + (3 * i)] = (float)moments.Weight;
            _cells[slot + 3 + (3 * i)] = (float)moments.Mean;
            _cells[slot + 4 + (3 * i)] = (float)moments.Variance;
        }

        _cells[slot + 1] += weight;
    }

    private int Lightest()
    {
        var lightest = 0;
        for (var cell = 0; cell < _cells.Length; cell += _width)
        {
            if (BitConverter.SingleToUInt32Bits(_cells[cell]) == 0)
                return cell;
            if (_cells[cell + 1] < _cells[lightest + 1])
                lightest = cell;
        }

        return lightest;
    }

    // 0 says that a slot is free.
    private static uint Half(ulong category) => Math.Max(1, (uint)(category >> 32));
}
