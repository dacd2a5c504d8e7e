namespace AEAnomaly.Models.Frozen;

/// <summary>Joins columns of several matrices to the rows that a map reads.</summary>
/// <param name="capacity">Most values.</param>
internal sealed class ContextRows(int capacity)
{
    private readonly float[] _values = new float[capacity];
    private int _rows;
    private int _width;
    private int _start;

    public ReadOnlySpan<float> Values => _values.AsSpan(0, _rows * _width);

    /// <summary>Begins anew.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Columns of all that will be appended.</param>
    public void Begin(int rows, int width) => (_rows, _width, _start) = (rows, width, 0);

    /// <summary>Appends the first columns of a matrix.</summary>
    /// <param name="source">At least <c>[rows, width]</c>.</param>
    /// <param name="width">Columns of the source.</param>
    /// <param name="count">Columns to append.</param>
    public void Append(ReadOnlySpan<float> source, int width, int count)
    {
        for (var row = 0; row < _rows; row++)
            source.Slice(row * width, count).CopyTo(_values.AsSpan((row * _width) + _start));
        _start += count;
    }

    /// <summary>Appends columns of which one is 1 and the others are 0.</summary>
    public void AppendOneHot(int index, int width)
    {
        for (var row = 0; row < _rows; row++)
        {
            var columns = _values.AsSpan((row * _width) + _start, width);
            columns.Clear();
            columns[index] = 1;
        }

        _start += width;
    }
}
