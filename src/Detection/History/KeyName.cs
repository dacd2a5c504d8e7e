using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AEAnomaly.Detection.History;

/// <summary>Names a key in fixed room: its bytes where they fit, else their SHA-256.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct KeyName(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    private const int Size = 32;

    // No key of 31 bytes or fewer has this length.
    private const byte Hashed = 0xFF;

    /// <summary>Gets 64 bits that spread over all names.</summary>
    public ulong Hash => KeyHash.Mix(First ^ KeyHash.Mix(Second ^ KeyHash.Mix(Third ^ KeyHash.Mix(Fourth))));

    /// <summary>Names a key; allocates nothing.</summary>
    public static KeyName Of(ReadOnlySpan<byte> key)
    {
        Span<byte> name = stackalloc byte[Size];
        if (key.Length < Size)
        {
            name.Clear();
            name[0] = (byte)key.Length;
            key.CopyTo(name[1..]);
        }
        else
        {
            SHA256.HashData(key, name);
            name[0] = Hashed;
        }

        return MemoryMarshal.Read<KeyName>(name);
    }
}
