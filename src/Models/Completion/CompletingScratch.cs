using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Models.Completion;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenCompletingModel"/>: a few rows, and the rows they may be.</summary>
internal sealed class CompletingScratch : ScoringScratch
{
    private const int ChunkRows = FrozenCompletingModel.ChunkRows;

    private readonly DonorShape _shape;
    private readonly int _donors;
    private readonly float[] _values;
    private readonly byte[] _missing;
    private readonly float[] _asTheyCame;
    private readonly float[] _candidateValues;
    private readonly byte[] _candidateMissing;
    private readonly float[] _candidateScores;
    private readonly int[] _candidateRows;
    private readonly bool[] _staysAsItCame;
    private readonly int[] _nearest;
    private readonly float[] _work;
    private int[] _nearestWithout = [];
    private float[] _workWithout = [];

    /// <param name="model">The model it is for.</param>
    /// <param name="donors">Its donors.</param>
    public CompletingScratch(FrozenCompletingModel model, DonorRows donors)
        : base(model)
    {
        Inner = model.WithoutCompletion.CreateScratch();
        _shape = donors.Shape;
        _donors = Math.Min(DonorRows.Wanted, donors.Count);
        (_values, _missing, _asTheyCame) = (new float[ChunkRows * _shape.Width], new byte[ChunkRows * _shape.Blocks], new float[ChunkRows]);
        var candidates = ChunkRows * _donors;
        (_candidateValues, _candidateMissing) = (new float[candidates * _shape.Width], new byte[candidates * _shape.Blocks]);
        (_candidateScores, _candidateRows, _staysAsItCame) = (new float[candidates], new int[candidates], new bool[ChunkRows]);
        _nearest = new int[candidates];
        _work = new float[donors.WorkFloats(ChunkRows)];
    }

    /// <summary>Gets the working memory of the model of whole rows.</summary>
    public ScoringScratch Inner { get; }

    /// <summary>Gets where the gathered rows came from.</summary>
    public int[] Rows { get; } = new int[ChunkRows];

    /// <summary>Gets for each gathered row the candidate it is scored as; below 0 as it came.</summary>
    public int[] Chosen { get; } = new int[ChunkRows];

    /// <summary>Gets the number of candidates.</summary>
    public int Candidates { get; private set; }

    public ReadOnlySpan<float> CandidateValues => _candidateValues.AsSpan(0, Candidates * _shape.Width);

    public ReadOnlySpan<byte> CandidateFlags => _candidateMissing.AsSpan(0, Candidates * _shape.Blocks);

    public Span<float> CandidateScores => _candidateScores.AsSpan(0, Candidates);

    public ReadOnlySpan<float> ValuesOf(int candidate) => _candidateValues.AsSpan(candidate * _shape.Width, _shape.Width);

    public ReadOnlySpan<byte> FlagsOf(int candidate) => _candidateMissing.AsSpan(candidate * _shape.Blocks, _shape.Blocks);

    /// <summary>Takes a row that lacks fields.</summary>
    /// <param name="index">Its place among the gathered rows.</param>
    /// <param name="row">Where it came from.</param>
    /// <param name="values">Its features.</param>
    /// <param name="missing">Its flags.</param>
    /// <param name="score">Its score as it came.</param>
    public void Gather(int index, int row, ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, float score)
    {
        values.CopyTo(_values.AsSpan(index * _shape.Width));
        missing.CopyTo(_missing.AsSpan(index * _shape.Blocks));
        (Rows[index], _asTheyCame[index]) = (row, score);
    }

    /// <summary>Finds the donors of the gathered rows.</summary>
    /// <returns>Those of each row, the nearest first.</returns>
    public ReadOnlySpan<int> Find(int rows, DonorRows donors)
    {
        var nearest = _nearest.AsSpan(0, rows * _donors);
        donors.Find(_values.AsSpan(0, rows * _shape.Width), _missing.AsSpan(0, rows * _shape.Blocks), rows, _work, nearest);
        return nearest;
    }

    /// <summary>Finds the donors of a row with each of some fields left out of its records in turn.</summary>
    /// <returns>Those for each field, the nearest first.</returns>
    public ReadOnlySpan<int> FindWithout(ReadOnlySpan<float> row, ReadOnlySpan<byte> missing, ReadOnlySpan<int> fields, DonorRows donors)
    {
        // Only who explains rows needs these.
        if (_nearestWithout.Length < fields.Length * _donors)
            (_nearestWithout, _workWithout) = (new int[fields.Length * _donors], new float[donors.WorkFloatsWithout(fields.Length)]);
        var nearest = _nearestWithout.AsSpan(0, fields.Length * _donors);
        donors.FindWithout(row, missing, fields, _workWithout, nearest);
        return nearest;
    }

    /// <summary>Gets the part of what was found that belongs to a few rows.</summary>
    public ReadOnlySpan<int> DonorsOf(ReadOnlySpan<int> found, int first, int rows) => found.Slice(first * _donors, rows * _donors);

    /// <summary>Makes the candidates of the gathered rows.</summary>
    /// <param name="rows">How many were gathered.</param>
    /// <param name="nearest">Their donors.</param>
    /// <param name="donors">All donors.</param>
    public void Complete(int rows, ReadOnlySpan<int> nearest, DonorRows donors)
    {
        Candidates = 0;
        for (var i = 0; i < rows; i++)
        {
            _staysAsItCame[i] = false;
            var flags = _missing.AsSpan(i * _shape.Blocks, _shape.Blocks);
            for (var k = 0; k < _donors && _shape.HasAny(flags); k++)
            {
                var values = _candidateValues.AsSpan(Candidates * _shape.Width, _shape.Width);
                var missing = _candidateMissing.AsSpan(Candidates * _shape.Blocks, _shape.Blocks);
                _values.AsSpan(i * _shape.Width, _shape.Width).CopyTo(values);
                flags.CopyTo(missing);
                if (donors.Fill(nearest[(i * _donors) + k], values, missing))
                    _candidateRows[Candidates++] = i;
                else
                    _staysAsItCame[i] = true;
            }
        }
    }

    /// <summary>Chooses the least anomalous candidate of a gathered row; of equal ones the nearest.</summary>
    /// <returns>The row's score; 0 where it has nothing to judge.</returns>
    public float Choose(int index)
    {
        var (least, isFound) = (_asTheyCame[index], _staysAsItCame[index]);
        Chosen[index] = -1;
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            // What overflowed is no number, and worse than any.
            if (_candidateRows[candidate] != index || (isFound && !float.IsNaN(least) && !(_candidateScores[candidate] < least)))
                continue;
            (least, isFound, Chosen[index]) = (_candidateScores[candidate], true, candidate);
        }

        return isFound ? least : 0;
    }
}
