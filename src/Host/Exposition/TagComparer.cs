using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace AEAnomaly.Host.Exposition;

/// <summary>Compares the tags of measurements, in any order; finds known ones without copying them.</summary>
internal sealed class TagComparer : IEqualityComparer<Tag[]>, IAlternateEqualityComparer<ReadOnlySpan<Tag>, Tag[]>
{
    public bool Equals(Tag[]? x, Tag[]? y) => x is null || y is null ? ReferenceEquals(x, y) : Equals(x.AsSpan(), y);

    public int GetHashCode(Tag[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<Tag> alternate, Tag[] other)
    {
        if (alternate.Length != other.Length)
            return false;

        foreach (var tag in alternate)
        {
            if (!Contains(other, tag))
                return false;
        }

        return true;
    }

    public int GetHashCode(ReadOnlySpan<Tag> alternate)
    {
        // A sum knows no order. The names are the same for all series of an instrument, nearly always.
        var hash = 0;
        foreach (var tag in alternate)
            hash += tag.Value?.GetHashCode() ?? 0;
        return hash;
    }

    public Tag[] Create(ReadOnlySpan<Tag> alternate) => alternate.ToArray();

    private static bool Contains(Tag[] tags, in Tag wanted)
    {
        foreach (var tag in tags)
        {
            if (string.Equals(tag.Key, wanted.Key, StringComparison.Ordinal) && Equals(tag.Value, wanted.Value))
                return true;
        }

        return false;
    }
}
