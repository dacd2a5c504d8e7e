using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Completion;

/// <summary>Holds training rows that lend their values to rows with missing fields: nearest-neighbour hot-deck imputation. Immutable and thread-safe.</summary>
/// <remarks>
/// Andridge and Little, "A Review of Hot Deck Imputation for Survey Non-response", International Statistical Review 78, 2010. A value that a like row had, unlike a mean or what a network
/// expects, lies where rows lie even if these fall into groups, and varies as values do. Donors are near in what the row has: the squared distance sums over the present blocks; where the
/// donor lacks one of them, it adds what is expected between the row and any other. A feature is divided by the root of its variance plus the mean variance, as the nearest_* scores do.
/// A donor that lacks what the row lacks lends that too: the field stays missing, as it usually is in such rows.
/// </remarks>
internal sealed class DonorRows
{
    /// <summary>Donors that a row is completed from, each for itself.</summary>
    public const int Wanted = 4;

    /// <summary>Floats of the donors at most: 2 MiB.</summary>
    public const int MostFloats = 1 << 19;

    private const string Name = "donors";

    // Four of the widest registers.
    private const int TileDonors = 64;

    private readonly DonorShape _shape;
    private readonly DonorTable _table;
    private readonly DonorMeasure _measure;
    private readonly float[] _points;
    private readonly float[] _lengths;
    private readonly float[] _parts;
    private readonly Dictionary<int, int>? _trainingRows;

    private DonorRows(DonorTable table, int[]? trainingRows)
    {
        var shape = table.Shape;
        _shape = shape;
        _table = table;
        Columns = (Count + TileDonors - 1) / TileDonors * TileDonors;
        _measure = DonorMeasure.Fit(table);
        _trainingRows = trainingRows?.Index().ToDictionary(row => row.Item, row => row.Index);
        (_points, _lengths, _parts) = (new float[shape.Width * Columns], new float[Columns], new float[shape.Blocks * Columns]);
        _lengths.AsSpan(Count).Fill(float.MaxValue);
        var point = new float[shape.Width];
        for (var donor = 0; donor < Count; donor++)
            Place(donor, point);
    }

    /// <summary>Gets the number of donors.</summary>
    public int Count => _table.Count;

    /// <summary>Gets the number of distances that <see cref="Find"/> works with.</summary>
    public int Columns { get; }

    /// <summary>Gets what a row is made of.</summary>
    public DonorShape Shape => _shape;

    /// <summary>Chooses donors among the rows that were learned from.</summary>
    /// <param name="set">Rows.</param>
    /// <param name="trainingRows">Rows that were learned from, each with a field at least.</param>
    /// <param name="wanted">Donors that are asked for.</param>
    /// <param name="random">Chooses them.</param>
    public static DonorRows Fit(TrainingSet set, int[] trainingRows, int wanted, SeededRandom random)
    {
        var shape = new DonorShape(set.Layout, set.Window);
        var rows = (int[])trainingRows.Clone();
        random.Shuffle(rows);
        rows = rows[..Math.Min(rows.Length, Math.Min(wanted, Math.Max(1, MostFloats / shape.Width)))];
        var table = new DonorTable(shape, new float[rows.Length * shape.Width]);
        for (var i = 0; i < rows.Length; i++)
            table.Set(i, set.Values.AsSpan(set.FirstRecord(rows[i]) * set.Layout.Width, shape.Width), set.FlagsOf(rows[i]));
        return new DonorRows(table, rows);
    }

    /// <summary>Takes donors back from a model's file.</summary>
    public static DonorRows Take(ScoreStore store, FeatureLayout layout, int window, int count)
    {
        var shape = new DonorShape(layout, window);
        return new DonorRows(new DonorTable(shape, store.Take(Name, new Shape(count, shape.Width))), null);
    }

    /// <summary>Puts the donors into the model's file.</summary>
    public void Keep(ScoreStore store) => store.Put(Name, new Shape(Count, _shape.Width), _table.Values);

    /// <summary>Lets a model score rows with missing fields by what they have.</summary>
    public FrozenModel Over(FrozenModel model) => new FrozenCompletingModel(model, this);

    /// <summary>Finds the donors nearest to rows in what these have.</summary>
    /// <param name="values">Rows <c>[rows, Shape.Width]</c>.</param>
    /// <param name="missing">Their flags <c>[rows, Shape.Blocks]</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    /// <param name="nearest">Receives <c>[rows, nearest.Length / rows]</c> donors, the nearest first.</param>
    /// <param name="except">For each row the donor that it is itself, or -1; empty where none is.</param>
    public void Find(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, int rows, Span<float> work, Span<int> nearest, ReadOnlySpan<int> except = default)
    {
        var points = work[..(rows * _shape.Width)];
        var distances = work.Slice(points.Length, rows * Columns);
        for (var row = 0; row < rows; row++)
            _measure.Place(values.Slice(row * _shape.Width, _shape.Width), missing.Slice(row * _shape.Blocks, _shape.Blocks), points.Slice(row * _shape.Width, _shape.Width));
        MatrixKernels.Linear(points, _points, false, _lengths, distances, rows, Columns, _shape.Width, false);
        var each = nearest.Length / rows;
        Span<float> smallest = stackalloc float[each];
        for (var row = 0; row < rows; row++)
        {
            var own = distances.Slice(row * Columns, Columns);
            for (var block = 0; block < _shape.Blocks; block++)
            {
                if (missing[(row * _shape.Blocks) + block] != 0)
                    RowSums.Subtract(own, _parts.AsSpan(block * Columns, Columns), own);
            }

            if (!except.IsEmpty && except[row] >= 0)
                own[except[row]] = float.MaxValue;
            NearestRows.Find(own[..Count], smallest, nearest.Slice(row * each, each));
        }
    }

    /// <summary>Gets the floats of working memory that so many rows take.</summary>
    public int WorkFloats(int rows) => rows * (_shape.Width + Columns);

    /// <summary>Finds for a row with each of some fields left out of all its records in turn the donors nearest in what is left.</summary>
    /// <remarks>What the fields add to a distance is computed once for all: the sum without one of them is that of those before it and of those after it, so that nothing cancels.</remarks>
    /// <param name="values">Row <c>[Shape.Width]</c>.</param>
    /// <param name="missing">Its flags <c>[Shape.Blocks]</c>.</param>
    /// <param name="leftOut">Fields, ascending: indices below <see cref="DonorShape.RecordBlocks"/>.</param>
    /// <param name="work">At least <see cref="WorkFloatsWithout"/>.</param>
    /// <param name="nearest">Receives <c>[leftOut.Length, nearest.Length / leftOut.Length]</c> donors, the nearest first.</param>
    public void FindWithout(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, ReadOnlySpan<int> leftOut, Span<float> work, Span<int> nearest)
    {
        var each = nearest.Length / leftOut.Length;
        var fields = _shape.RecordBlocks;
        var point = work[.._shape.Width];
        var own = work.Slice(point.Length, fields * TileDonors);
        var after = work.Slice(point.Length + own.Length, own.Length);
        var smallest = work.Slice(point.Length + own.Length + after.Length, nearest.Length);
        Span<float> distances = stackalloc float[TileDonors];
        _measure.Place(values, missing, point);
        smallest.Fill(float.PositiveInfinity);
        nearest.Clear();
        for (var first = 0; first < Count; first += TileDonors)
        {
            AddParts(point, missing, first, own, after);
            var there = Count - first < TileDonors ? (1UL << (Count - first)) - 1 : ulong.MaxValue;
            var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            var next = 0;
            for (var field = 0; next < leftOut.Length; field++)
            {
                var tile = field * TileDonors;
                if (leftOut[next] == field)
                {
                    var mine = smallest.Slice(next * each, each);
                    var limit = Vector512.Create(mine[^1]);
                    var (e, f, g, h) = (a + PaddedRows.At(after, tile), b + PaddedRows.At(after, tile + 16), c + PaddedRows.At(after, tile + 32), d + PaddedRows.At(after, tile + 48));
                    if (Vector512.LessThanAny(Vector512.MinNative(Vector512.MinNative(e, f), Vector512.MinNative(g, h)), limit))
                    {
                        e.CopyTo(distances);
                        f.CopyTo(distances[16..]);
                        g.CopyTo(distances[32..]);
                        h.CopyTo(distances[48..]);
                        var nearer = Vector512.LessThan(e, limit).ExtractMostSignificantBits() | (Vector512.LessThan(f, limit).ExtractMostSignificantBits() << 16)
                            | (Vector512.LessThan(g, limit).ExtractMostSignificantBits() << 32) | (Vector512.LessThan(h, limit).ExtractMostSignificantBits() << 48);
                        NearestRows.Take(distances, nearer & there, first, mine, nearest.Slice(next * each, each));
                    }

                    next++;
                }

                a += PaddedRows.At(own, tile);
                b += PaddedRows.At(own, tile + 16);
                c += PaddedRows.At(own, tile + 32);
                d += PaddedRows.At(own, tile + 48);
            }
        }
    }

    /// <summary>Gets the floats of working memory that leaving out so many fields takes.</summary>
    public int WorkFloatsWithout(int fields) => _shape.Width + (2 * _shape.RecordBlocks * TileDonors) + (fields * Wanted);

    /// <summary>Fills what a row lacks with what a donor has.</summary>
    /// <param name="donor">Donor.</param>
    /// <param name="values">The row; filled.</param>
    /// <param name="missing">Its flags; what the donor lacks too stays set.</param>
    /// <returns>Whether anything was filled.</returns>
    public bool Fill(int donor, Span<float> values, Span<byte> missing)
    {
        var filled = false;
        for (var block = 0; block < missing.Length; block++)
        {
            if (missing[block] == 0 || !_table.Has(donor, block))
                continue;
            _table.ValuesOf(donor).Slice(_shape.StartOf(block), _shape.WidthOf(block)).CopyTo(values[_shape.StartOf(block)..]);
            missing[block] = 0;
            filled = true;
        }

        return filled;
    }

    /// <summary>Fills what rows of the training set lack from their nearest donor, none from itself.</summary>
    /// <param name="rows">Indices in the training set.</param>
    /// <param name="values">Rows; filled.</param>
    /// <param name="missing">Their flags.</param>
    public void Complete(ReadOnlySpan<int> rows, Span<float> values, Span<byte> missing)
    {
        var work = new float[WorkFloats(1)];
        Span<int> nearest = stackalloc int[1];
        Span<int> itself = stackalloc int[1];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = values.Slice(i * _shape.Width, _shape.Width);
            var flags = missing.Slice(i * _shape.Blocks, _shape.Blocks);
            if (!flags.ContainsAnyExcept((byte)0) || !_shape.HasAny(flags))
                continue;
            itself[0] = _trainingRows is not null && _trainingRows.TryGetValue(rows[i], out var donor) ? donor : -1;
            Find(row, flags, 1, work, nearest, itself);
            Fill(nearest[0], row, flags);
        }
    }

    // What each field of the row's records adds to the distances of some donors, and what those after it add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddParts(ReadOnlySpan<float> point, ReadOnlySpan<byte> missing, int first, Span<float> own, Span<float> after)
    {
        ref var parts = ref MemoryMarshal.GetArrayDataReference(_parts);
        ref var points = ref MemoryMarshal.GetArrayDataReference(_points);
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var field = _shape.RecordBlocks - 1; field >= 0; field--)
        {
            var tile = after.Slice(field * TileDonors, TileDonors);
            a.CopyTo(tile);
            b.CopyTo(tile[16..]);
            c.CopyTo(tile[32..]);
            d.CopyTo(tile[48..]);
            var (e, f, g, h) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            for (var block = field; block < missing.Length; block += _shape.RecordBlocks)
            {
                if (missing[block] != 0)
                    continue;
                var at = (nuint)((block * Columns) + first);
                e += Vector512.LoadUnsafe(ref parts, at);
                f += Vector512.LoadUnsafe(ref parts, at + 16);
                g += Vector512.LoadUnsafe(ref parts, at + 32);
                h += Vector512.LoadUnsafe(ref parts, at + 48);
                var start = _shape.StartOf(block);
                for (var j = start; j < start + _shape.WidthOf(block); j++)
                {
                    var value = Vector512.Create(point[j]);
                    at = (nuint)((j * Columns) + first);
                    e = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref points, at), e);
                    f = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref points, at + 16), f);
                    g = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref points, at + 32), g);
                    h = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref points, at + 48), h);
                }
            }

            tile = own.Slice(field * TileDonors, TileDonors);
            e.CopyTo(tile);
            f.CopyTo(tile[16..]);
            g.CopyTo(tile[32..]);
            h.CopyTo(tile[48..]);
            (a, b, c, d) = (a + e, b + f, c + g, d + h);
        }
    }

    // |x - m|² over the present blocks is |x|² - 2 x m + the sum of the present blocks' |m|²; |x|² is the same for all.
    private void Place(int donor, float[] point)
    {
        _measure.PlaceDonor(_table, donor, point);
        for (var block = 0; block < _shape.Blocks; block++)
        {
            var own = point.AsSpan(_shape.StartOf(block), _shape.WidthOf(block));
            var part = _table.Has(donor, block) ? RowSums.Squares(own) : _measure.UsualSquare(block);
            _parts[(block * Columns) + donor] = part;
            _lengths[donor] += part;
            for (var j = 0; j < own.Length; j++)
                _points[((_shape.StartOf(block) + j) * Columns) + donor] = -2 * own[j];
        }
    }
}
