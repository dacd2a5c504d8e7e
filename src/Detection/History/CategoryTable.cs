using System.Runtime.InteropServices;

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

    /// <summary>Gets the bytes that <see cref="Write"/> writes.</summary>
    public int StateBytes => sizeof(double) + (Sets * sizeof(double)) + (_cells.Length * sizeof(float));

    /// <summary>Writes all that is remembered.</summary>
    /// <returns>What is left of the room.</returns>
    public Span<byte> Write(Span<byte> state)
    {
        MemoryMarshal.Write(state, Weight);
        MemoryMarshal.AsBytes<double>(_seconds).CopyTo(state[sizeof(double)..]);
        MemoryMarshal.AsBytes<float>(_cells).CopyTo(state[(sizeof(double) * (Sets + 1))..]);
        return state[StateBytes..];
    }

    /// <summary>Takes over what was written.</summary>
    /// <returns>What follows it.</returns>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> state)
    {
        Weight = MemoryMarshal.Read<double>(state);
        state.Slice(sizeof(double), Sets * sizeof(double)).CopyTo(MemoryMarshal.AsBytes(_seconds.AsSpan()));
        state[(sizeof(double) * (Sets + 1))..StateBytes].CopyTo(MemoryMarshal.AsBytes(_cells.AsSpan()));
        return state[StateBytes..];
    }

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
