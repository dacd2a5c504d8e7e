namespace AEAnomaly.Detection.History;

/// <summary>Remembers which categories a key ever had, in 256 bits (Bloom 1970, four bits a category).</summary>
/// <remarks>A category that the key never had is taken for known with a chance of 0.05 % after 10 categories, 0.6 % after 20 and 9 % after 50; one that it had is always known.</remarks>
internal static class SeenFilter
{
    /// <summary>Bytes of a filter.</summary>
    public const int Bytes = 32;

    private const int BitsOfCategory = 4;

    public static bool Contains(ReadOnlySpan<byte> filter, ulong category)
    {
        for (var i = 0; i < BitsOfCategory; i++)
        {
            var bit = (int)(category >> (8 * i)) & 0xFF;
            if ((filter[bit >> 3] & (1 << (bit & 7))) == 0)
                return false;
        }

        return true;
    }

    public static void Add(Span<byte> filter, ulong category)
    {
        for (var i = 0; i < BitsOfCategory; i++)
        {
            var bit = (int)(category >> (8 * i)) & 0xFF;
            filter[bit >> 3] |= (byte)(1 << (bit & 7));
        }
    }
}
