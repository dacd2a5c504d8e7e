using System.Runtime.Intrinsics.X86;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Holds the remembered rows' vectors of all spaces, those of one row next to each other: a few rows here and there are read at a time.</summary>
internal sealed unsafe class NeighborMemory
{
    private readonly AlignedFloats _vectors;
    private readonly int[] _starts;
    private readonly int _rows;
    private readonly int _rowFloats;

    /// <summary>Copies the vectors.</summary>
    /// <param name="vectors">For each space <c>[rows, stride]</c>.</param>
    /// <param name="rows">Remembered rows.</param>
    public NeighborMemory(float[][] vectors, int rows)
    {
        _rows = rows;
        _starts = new int[vectors.Length + 1];
        for (var i = 0; i < vectors.Length; i++)
            _starts[i + 1] = _starts[i] + (vectors[i].Length / rows);
        _rowFloats = _starts[^1];
        _vectors = new AlignedFloats(rows * _rowFloats);
        for (var i = 0; i < vectors.Length; i++)
        {
            for (var row = 0; row < rows; row++)
                vectors[i].AsSpan(row * StrideOf(i), StrideOf(i)).CopyTo(_vectors.Span[((row * _rowFloats) + _starts[i])..]);
        }
    }

    /// <summary>Gets a remembered row's vector in one space.</summary>
    /// <param name="space">Index of the space.</param>
    /// <param name="row">Index of the row.</param>
    public ReadOnlySpan<float> Vector(int space, int row) => _vectors.Span.Slice((row * _rowFloats) + _starts[space], StrideOf(space));

    /// <summary>Copies the vectors of one space, <c>[rows, stride]</c>.</summary>
    /// <param name="space">Index of the space.</param>
    public float[] Copy(int space)
    {
        var copy = new float[_rows * StrideOf(space)];
        for (var row = 0; row < _rows; row++)
            Vector(space, row).CopyTo(copy.AsSpan(row * StrideOf(space)));
        return copy;
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
    /// <param name="space">Index of the space.</param>
    /// <param name="rows">Remembered rows to compare with.</param>
    /// <param name="squares">Receives as many squared distances.</param>
    public void Compare(ReadOnlySpan<float> vector, int space, ReadOnlySpan<int> rows, Span<float> squares)
    {
        ReadOnlySpan<float> vectors = _vectors.Span;
        for (var i = 0; i < rows.Length; i++)
            squares[i] = PaddedRows.SquaredDistance(vector, vectors.Slice((rows[i] * _rowFloats) + _starts[space], vector.Length));
    }

    private int StrideOf(int space) => _starts[space + 1] - _starts[space];
}
