using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Rows;

/// <summary>Holds a whole training set on a device, so that a batch is no more than the numbers of its rows.</summary>
internal sealed class ResidentRows : IDisposable
{
    private readonly Device _device;
    private readonly TrainingSet _set;
    private readonly Tensor _values;
    private readonly Tensor? _present;
    private int[] _firstRecords = [];

    public ResidentRows(Device device, TrainingSet set)
    {
        (_device, _set) = (device, set);
        _values = Send(set.Values, set.Layout.Width);
        if (set.Missing is { } missing)
            _present = Send(Array.ConvertAll(missing, flag => flag == 0 ? 1f : 0f), set.Layout.BlockCount);
    }

    /// <summary>Tells whether a device takes a whole set.</summary>
    public static bool Fit(Device device, TrainingSet set) =>
        (long)set.Records * (set.Layout.Width + (set.Missing is null ? 0 : set.Layout.BlockCount)) <= device.Plan.ResidentValues;

    /// <summary>Gathers rows; the tensors live as long as the device's scope.</summary>
    public Batch Gather(ReadOnlySpan<int> rows)
    {
        if (_firstRecords.Length < rows.Length)
            _firstRecords = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            _firstRecords[i] = _set.FirstRecord(rows[i]);

        var first = _firstRecords.AsSpan(0, rows.Length);
        return new Batch(Take(_values, first), _present is null ? null : Take(_present, first));
    }

    public void Dispose()
    {
        _device.Release(_values);
        if (_present is not null)
            _device.Release(_present);
    }

    private Tensor Send(ReadOnlySpan<float> values, int width)
    {
        var tensor = _device.Allocate(new Shape(_set.Records, width));
        _device.Upload(values, tensor);
        return tensor;
    }

    private Tensor Take(Tensor records, ReadOnlySpan<int> first)
    {
        var rows = _device.Create(new Shape(first.Length, _set.Window * records.Shape[1]));
        _device.GatherRows(records, first, rows);
        return rows;
    }
}
