using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AEAnomaly.Detection.History;

/// <summary>Writes and reads a key in a file: what the store knows of it, then its state.</summary>
internal static class SavedKey
{
    // Name, time, use, records and four bytes of padding: states begin on eight.
    private const int SlotBytes = 56;

    /// <summary>Gives the bytes of a key.</summary>
    /// <param name="stateBytes">Bytes of its state.</param>
    public static int BytesOf(int stateBytes) => SlotBytes + stateBytes;

    public static void Write(Span<byte> room, in KeySlot key, ReadOnlySpan<byte> state)
    {
        MemoryMarshal.Write(room, key.Name);
        BinaryPrimitives.WriteDoubleLittleEndian(room[32..], key.Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(room[40..], key.Used);
        BinaryPrimitives.WriteInt64LittleEndian(room[48..], key.Records);
        state.CopyTo(room[SlotBytes..]);
    }

    /// <summary>Reads a key; where it lies in a store is left open.</summary>
    public static KeySlot Read(ReadOnlySpan<byte> saved, out ReadOnlySpan<byte> state)
    {
        state = saved[SlotBytes..];
        return new KeySlot
        {
            Name = MemoryMarshal.Read<KeyName>(saved),
            Seconds = BinaryPrimitives.ReadDoubleLittleEndian(saved[32..]),
            Used = UsedOf(saved),
            Records = (int)BinaryPrimitives.ReadInt64LittleEndian(saved[48..]),
        };
    }

    /// <summary>Reads when a key was used.</summary>
    public static long UsedOf(ReadOnlySpan<byte> saved) => BinaryPrimitives.ReadInt64LittleEndian(saved[40..]);
}
