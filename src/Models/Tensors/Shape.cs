namespace AEAnomaly.Models.Tensors;

/// <summary>Holds the extents of a row-major tensor of rank 1 to 4.</summary>
internal readonly struct Shape : IEquatable<Shape>
{
    private readonly int _first;
    private readonly int _second;
    private readonly int _third;
    private readonly int _fourth;

    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length is < 1 or > 4)
            throw new ArgumentException($"A tensor has rank 1 to 4; found rank {extents.Length}.", nameof(extents));

        var count = 1L;
        foreach (var extent in extents)
        {
            if (extent < 1)
                throw new ArgumentException($"Every extent of a tensor is at least 1; found {extent}.", nameof(extents));
            count *= extent;
            if (count > Array.MaxLength)
                throw new ArgumentException($"A tensor holds at most {Array.MaxLength} elements; this shape has more.", nameof(extents));
        }

        Rank = extents.Length;
        Count = (int)count;
        _first = extents[0];
        _second = Rank > 1 ? extents[1] : 1;
        _third = Rank > 2 ? extents[2] : 1;
        _fourth = Rank > 3 ? extents[3] : 1;
    }

    public int Rank { get; }

    /// <summary>Gets the number of elements.</summary>
    public int Count { get; }

    public int this[int axis] => axis switch
    {
        0 => _first,
        1 when Rank > 1 => _second,
        2 when Rank > 2 => _third,
        3 when Rank > 3 => _fourth,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The tensor has rank {Rank}."),
    };

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>Copies the extents into an array of length <see cref="Rank"/>.</summary>
    public int[] ToArray()
    {
        ReadOnlySpan<int> all = [_first, _second, _third, _fourth];
        return all[..Rank].ToArray();
    }

    public bool Equals(Shape other) =>
        Rank == other.Rank && _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Rank, _first, _second, _third, _fourth);

    public override string ToString() => $"[{string.Join(", ", ToArray())}]";
}
