using System.Buffers.Binary;
using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Tells which sequence a record belongs to: that of its key, or of its partition when no key is declared. Not thread-safe.</summary>
internal sealed class SequenceKey
{
    private byte[] _buffer = new byte[64];
    private string? _topic;
    private int _partition;
    private int _length;

    /// <summary>Gives the bytes that name a record's sequence, valid until the next call; allocates nothing while the topics stay.</summary>
    public ReadOnlySpan<byte> Of(RecordBatch batch, int row)
    {
        if (batch.Spec.EntityField >= 0)
            return batch.Text(batch.Spec.EntityField, row);

        var origin = batch.Origins[row];
        if (!ReferenceEquals(origin.Topic, _topic) || origin.Partition != _partition)
        {
            (_topic, _partition) = (origin.Topic, origin.Partition);
            var longest = sizeof(int) + Encoding.UTF8.GetMaxByteCount(origin.Topic.Length);
            if (_buffer.Length < longest)
                _buffer = new byte[longest];
            BinaryPrimitives.WriteInt32LittleEndian(_buffer, origin.Partition);
            _length = sizeof(int) + Encoding.UTF8.GetBytes(origin.Topic, _buffer.AsSpan(sizeof(int)));
        }

        return _buffer.AsSpan(0, _length);
    }
}
