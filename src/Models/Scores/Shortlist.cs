using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Chooses, for a row, the few remembered rows that are worth an exact comparison in every space.</summary>
/// <remarks>
/// The vectors of all spaces, each over its typical spread, make one joint vector. Compared are its coordinates in <see cref="Directions"/> principal directions and the
/// length of what these leave out, together a lower bound of the joint distance: |j - j_m|² + (l - l_m)², as one matrix product.
/// </remarks>
internal sealed class Shortlist
{
    /// <summary>Principal directions of the joint vectors that are compared.</summary>
    public const int Directions = 16;

    private const int Coordinates = Directions + 1;
    private const int ChunkRows = 16;

    private readonly int[] _widths;
    private readonly float[] _scales;
    private readonly float[] _directions;
    private readonly float[] _keys;
    private readonly float[] _squares;

    private Shortlist(IReadOnlyList<NearestSpace> spaces, float[] directions)
    {
        _widths = [.. spaces.Select(space => space.Width)];
        _scales = [.. spaces.Select(space => 1 / (space.Typical * space.Typical))];
        _directions = directions;
        var rows = spaces[0].Rows;
        var vectors = new float[spaces.Sum(space => space.Vectors.Length)];
        var start = 0;
        foreach (var space in spaces)
        {
            space.Vectors.CopyTo(vectors.AsSpan(start));
            start += space.Vectors.Length;
        }

        var coordinates = new float[rows * Coordinates];
        Project(vectors, rows, coordinates);
        _squares = new float[rows];
        _keys = new float[coordinates.Length];
        for (var row = 0; row < rows; row++)
        {
            _squares[row] = RowSums.Squares(coordinates.AsSpan(row * Coordinates, Coordinates));
            for (var i = 0; i < Coordinates; i++)
                _keys[(i * rows) + row] = -2 * coordinates[(row * Coordinates) + i];
        }
    }

    /// <summary>Fits the directions.</summary>
    /// <param name="spaces">Spaces of the same rows, at least one.</param>
    public static Shortlist Fit(IReadOnlyList<NearestSpace> spaces)
    {
        var (rows, width) = (spaces[0].Rows, spaces.Sum(space => space.Width));
        var joint = new float[rows * width];
        var column = 0;
        foreach (var space in spaces)
        {
            for (var i = 0; i < space.Vectors.Length; i++)
                joint[(i / space.Width * width) + column + (i % space.Width)] = space.Vectors[i] / space.Typical;
            column += space.Width;
        }

        // The scale of a space goes into its directions, and one column stays free for what they leave out.
        var principal = PrincipalDirections.Fit(joint, width, Directions);
        var directions = new float[width * Coordinates];
        var index = 0;
        foreach (var space in spaces)
        {
            for (var end = index + space.Width; index < end; index++)
            {
                for (var i = 0; i < Directions; i++)
                    directions[(index * Coordinates) + i] = principal[(index * Directions) + i] / space.Typical;
            }
        }

        return new Shortlist(spaces, directions);
    }

    /// <summary>Takes the fitted directions back.</summary>
    public static Shortlist Take(ScoreStore store, IReadOnlyList<NearestSpace> spaces) =>
        new(spaces, store.Take("nearest.directions", new Shape(spaces.Sum(space => space.Width), Coordinates)));

    /// <summary>Puts the directions into the model's file.</summary>
    public void Keep(ScoreStore store) => store.Put("nearest.directions", new Shape(_directions.Length / Coordinates, Coordinates), _directions);

    /// <summary>Gets the floats of working memory that so many rows take.</summary>
    public int WorkFloats(int rows, int length) => (rows * Coordinates) + (Math.Min(rows, ChunkRows) * _squares.Length) + length;

    /// <summary>Finds the remembered rows nearest to each row.</summary>
    /// <param name="vectors">Vectors <c>[count, width]</c> of the first space, then those of the next.</param>
    /// <param name="count">Rows.</param>
    /// <param name="candidates">Receives <c>[count, n]</c> indices of remembered rows; n at most as many as there are.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Find(ReadOnlySpan<float> vectors, int count, Span<int> candidates, Span<float> work)
    {
        var (rows, length) = (_squares.Length, candidates.Length / count);
        var coordinates = work[..(count * Coordinates)];
        var nearest = work.Slice(coordinates.Length, length);
        work = work[(coordinates.Length + length)..];
        Project(vectors, count, coordinates);
        for (var start = 0; start < count; start += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, count - start);
            var products = work[..(chunk * rows)];
            MatrixKernels.Linear(coordinates.Slice(start * Coordinates, chunk * Coordinates), _keys, false, _squares, products, chunk, rows, Coordinates, false);
            for (var row = 0; row < chunk; row++)
                NearestRows.Find(products.Slice(row * rows, rows), nearest, candidates.Slice((start + row) * length, length));
        }
    }

    private void Project(ReadOnlySpan<float> vectors, int count, Span<float> coordinates)
    {
        var (start, column) = (0, 0);
        foreach (var width in _widths)
        {
            MatrixKernels.Multiply(
                vectors.Slice(start, count * width), false, _directions.AsSpan(column * Coordinates, width * Coordinates), false, coordinates, count, Coordinates, width, column > 0);
            start += count * width;
            column += width;
        }

        for (var row = 0; row < count; row++)
        {
            var square = 0f;
            start = 0;
            for (var i = 0; i < _widths.Length; i++)
            {
                square += _scales[i] * RowSums.Squares(vectors.Slice(start + (row * _widths[i]), _widths[i]));
                start += count * _widths[i];
            }

            var kept = coordinates.Slice(row * Coordinates, Directions);
            coordinates[(row * Coordinates) + Directions] = MathF.Sqrt(MathF.Max(0, square - RowSums.Squares(kept)));
        }
    }
}
