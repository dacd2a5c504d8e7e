namespace AEAnomaly.Detection.Records;

/// <content>What history says of a record beside the features themselves, for its explanation.</content>
public sealed partial class RecordBatch
{
    private const int NoHistory = -1;

    // By field; null for those that are read from records. Null where nothing is remembered, or nothing of it kept.
    private double[]?[]? _usual;
    private int[] _historyRecords = [];

    /// <summary>Sets what is usual for the key, in the unit of the field that a feature is about.</summary>
    /// <param name="field">Index of a derived field.</param>
    /// <param name="row">Row.</param>
    /// <param name="value">Usual value; NaN when nothing is known.</param>
    public void SetUsual(int field, int row, double value)
    {
        if (_usual is not null)
            _usual[field]![row] = value;
    }

    /// <summary>Gets what is usual for the key, NaN where history says nothing.</summary>
    /// <param name="field">Index of a field.</param>
    /// <param name="row">Row.</param>
    public double Usual(int field, int row) => _usual?[field] is { } values ? values[row] : double.NaN;

    /// <summary>Sets how many records of the key came before.</summary>
    /// <param name="row">Row.</param>
    /// <param name="records">Records, at least 0.</param>
    public void SetHistoryRecords(int row, int records) => _historyRecords[row] = records;

    /// <summary>Gets how many records of the key came before, or null where nothing is remembered.</summary>
    /// <param name="row">Row.</param>
    public int? HistoryRecords(int row) => Spec.History is null || _historyRecords[row] < 0 ? null : _historyRecords[row];

    private void CreateHistory(int capacity)
    {
        if (Spec.History is null)
            return;
        _historyRecords = new int[capacity];
        if (!_keepsUsual)
            return;
        _usual = new double[Spec.Fields.Count][];
        for (var i = 0; i < _usual.Length; i++)
        {
            if (Spec.Fields[i].History is not null)
                _usual[i] = new double[capacity];
        }
    }

    private void ClearHistory(int row)
    {
        if (Spec.History is null)
            return;
        _historyRecords[row] = NoHistory;
        foreach (var values in _usual ?? [])
        {
            if (values is not null)
                values[row] = double.NaN;
        }
    }

    private void CopyHistory(RecordBatch source, int row, int target)
    {
        if (Spec.History is null || source.Spec.History is null)
            return;
        _historyRecords[target] = source._historyRecords[row];
        for (var i = 0; i < _usual?.Length; i++)
        {
            if (_usual[i] is { } values)
                values[target] = source.Usual(i, row);
        }
    }

    private void PickHistory(ReadOnlySpan<int> rows)
    {
        if (Spec.History is null)
            return;
        Pick(_historyRecords, rows);
        foreach (var values in _usual ?? [])
        {
            if (values is not null)
                Pick(values, rows);
        }
    }

    private void GrowHistory(int capacity)
    {
        if (Spec.History is null)
            return;
        Array.Resize(ref _historyRecords, capacity);
        for (var i = 0; i < _usual?.Length; i++)
        {
            if (_usual[i] is not null)
                Array.Resize(ref _usual[i], capacity);
        }
    }
}
