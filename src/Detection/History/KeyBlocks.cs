using System.Buffers;

namespace AEAnomaly.Detection.History;

/// <summary>Collects copies of keys in blocks of memory, on their way to a file.</summary>
/// <param name="stateBytes">Bytes of a key's state.</param>
/// <param name="full">Takes a block that is full, or the last one, and gives its array back to the shared pool.</param>
internal sealed class KeyBlocks(int stateBytes, Action<ArraySegment<byte>> full)
{
    private const int BlockBytes = 65_536;

    private readonly int _keyBytes = SavedKey.BytesOf(stateBytes);
    private byte[]? _block;
    private int _length;

    /// <summary>Adds a key as it is now.</summary>
    public void Add(in KeySlot key, ReadOnlySpan<byte> state)
    {
        if (_block is not null && _length + _keyBytes > _block.Length)
            Flush();
        _block ??= ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, _keyBytes));
        SavedKey.Write(_block.AsSpan(_length, _keyBytes), key, state);
        _length += _keyBytes;
    }

    /// <summary>Hands over what is collected.</summary>
    public void Flush()
    {
        if (_block is { } block)
            full(new ArraySegment<byte>(block, 0, _length));
        (_block, _length) = (null, 0);
    }
}
