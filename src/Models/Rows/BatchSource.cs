using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Rows;

/// <summary>Copies chosen rows of a training set to a device, or gathers them there where the device keeps the set.</summary>
internal sealed class BatchSource(Device device, TrainingSet set) : IDisposable
{
    private readonly ResidentRows? _resident = ResidentRows.Fit(device, set) ? new ResidentRows(device, set) : null;
    private int[] _starts = [];
    private float[] _present = [];

    /// <summary>Gathers rows; the tensors live as long as the device's scope.</summary>
    public Batch Gather(ReadOnlySpan<int> rows)
    {
        if (_resident is not null)
            return _resident.Gather(rows);

        var (recordWidth, recordBlocks) = (set.Layout.Width, set.Layout.BlockCount);
        var (width, blocks) = (set.Window * recordWidth, set.Window * recordBlocks);
        Reserve(ref _starts, rows.Length);
        for (var i = 0; i < rows.Length; i++)
            _starts[i] = set.FirstRecord(rows[i]) * recordWidth;

        var values = device.Create(new Shape(rows.Length, width));
        device.UploadRows(set.Values, _starts.AsSpan(0, rows.Length), values);
        if (set.Missing is not { } missing)
            return new Batch(values, null);

        Reserve(ref _present, rows.Length * blocks);
        for (var i = 0; i < rows.Length; i++)
        {
            var flags = missing.AsSpan(set.FirstRecord(rows[i]) * recordBlocks, blocks);
            for (var b = 0; b < blocks; b++)
                _present[(i * blocks) + b] = flags[b] == 0 ? 1 : 0;
        }

        return new Batch(values, device.Create(new Shape(rows.Length, blocks), _present));
    }

    /// <summary>Lets go of the set.</summary>
    public void Dispose() => _resident?.Dispose();

    private static void Reserve<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<T>(length);
    }
}
