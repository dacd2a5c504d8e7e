using System.Runtime.Intrinsics.X86;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Holds the remembered rows' vectors of all spaces, those of one row next to each other: a few rows here and there are read at a time.</summary>
internal sealed unsafe class NeighborMemory
{
    private readonly AlignedFloats _vectors;
    private readonly int _rowFloats;

    /// <summary>Copies the vectors.</summary>
    /// <param name="spaces">Spaces.</param>
    public NeighborMemory(NeighborSpace[] spaces)
    {
        _rowFloats = spaces.Sum(space => space.Stride);
        _vectors = new AlignedFloats(spaces[0].Rows * _rowFloats);
        var start = 0;
        foreach (var space in spaces)
        {
            for (var row = 0; row < space.Rows; row++)
                space.Placed.Slice(row * space.Stride, space.Stride).CopyTo(_vectors.Span[((row * _rowFloats) + start)..]);
            start += space.Stride;
        }
    }

    /// <summary>Asks the processor for rows that are read soon; changes no result.</summary>
    /// <param name="rows">Indices of rows.</param>
    public void Prefetch(ReadOnlySpan<int> rows)
    {
        if (!Sse.IsSupported)
            return;

        foreach (var row in rows)
        {
            var vector = _vectors.Pointer + ((long)row * _rowFloats);
            for (var i = 0; i < _rowFloats; i += PaddedRows.Group)
                Sse.Prefetch1(vector + i);
        }
    }

    /// <summary>Computes squared distances from a vector.</summary>
    /// <param name="vector">Placed vector of one space.</param>
    /// <param name="start">Floats of the spaces before it.</param>
    /// <param name="rows">Remembered rows to compare with.</param>
    /// <param name="squares">Receives as many squared distances.</param>
    public void Compare(ReadOnlySpan<float> vector, int start, ReadOnlySpan<int> rows, Span<float> squares)
    {
        ReadOnlySpan<float> vectors = _vectors.Span;
        for (var i = 0; i < rows.Length; i++)
            squares[i] = PaddedRows.SquaredDistance(vector, vectors.Slice((rows[i] * _rowFloats) + start, vector.Length));
    }
}
