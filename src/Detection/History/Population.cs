using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AEAnomaly.Detection.History;

/// <summary>Remembers what is usual among all keys of one partition: mean and deviation of numbers, shares of categories.</summary>
/// <remarks>
/// Of one partition, because its records have one order: what several gave would depend on how they were read, and training would see other features than scoring.
/// Keys are spread over partitions, so each holds a sample of them all.
/// </remarks>
internal sealed class Population
{
    private readonly KeyLayout _layout;
    private readonly Moments[] _numbers;
    private readonly CategoryTable[] _categories;

    public Population(KeyLayout layout)
    {
        _layout = layout;
        _numbers = new Moments[layout.Numbers.Length];
        _categories = [.. layout.AllCategories.Select(part => new CategoryTable(part.Numbers.Length, layout.UsualHalfLife))];
        Bytes = (_numbers.Length * 3L * sizeof(double)) + _categories.Sum(table => table.Bytes);
    }

    /// <summary>Gets the time of the newest record, in seconds; NaN before the first.</summary>
    public double Seconds { get; private set; } = double.NaN;

    /// <summary>Gets the memory it takes.</summary>
    public long Bytes { get; }

    /// <summary>Gets the bytes that <see cref="Write"/> writes.</summary>
    public int StateBytes => sizeof(double) + (_numbers.Length * Unsafe.SizeOf<Moments>()) + _categories.Sum(table => table.StateBytes);

    /// <summary>Gets what is usual of a number.</summary>
    /// <param name="number">Index into <see cref="KeyLayout.Numbers"/>.</param>
    public Moments Number(int number) => _numbers[number];

    /// <summary>Gets what is remembered of a category's values.</summary>
    /// <param name="part">Index into <see cref="KeyLayout.AllCategories"/>.</param>
    public CategoryTable Categories(int part) => _categories[part];

    /// <summary>Lets what is there count less, as of a record's time.</summary>
    /// <returns>How much the record itself counts: less than 1 where a newer one came before it.</returns>
    public double Advance(double seconds)
    {
        var passed = double.IsNaN(Seconds) ? 0 : seconds - Seconds;
        if (passed < 0)
            return double.Exp2(passed / _layout.UsualHalfLife);
        var factor = double.Exp2(-passed / _layout.UsualHalfLife);
        for (var i = 0; i < _numbers.Length; i++)
            _numbers[i] = _numbers[i].Faded(factor);
        foreach (var table in _categories)
            table.Fade(factor);
        Seconds = seconds;
        return 1;
    }

    /// <summary>Writes all that is remembered.</summary>
    public void Write(Span<byte> state)
    {
        MemoryMarshal.Write(state, Seconds);
        var numbers = MemoryMarshal.AsBytes(_numbers.AsSpan());
        numbers.CopyTo(state[sizeof(double)..]);
        state = state[(sizeof(double) + numbers.Length)..];
        foreach (var table in _categories)
            state = table.Write(state);
    }

    /// <summary>Takes over what was written.</summary>
    public void Read(ReadOnlySpan<byte> state)
    {
        Seconds = MemoryMarshal.Read<double>(state);
        var numbers = MemoryMarshal.AsBytes(_numbers.AsSpan());
        state.Slice(sizeof(double), numbers.Length).CopyTo(numbers);
        state = state[(sizeof(double) + numbers.Length)..];
        foreach (var table in _categories)
            state = table.Read(state);
    }

    /// <summary>Adds a number.</summary>
    public void Add(int number, double value, double weight) => _numbers[number] = _numbers[number].With(value, weight);
}
