namespace AEAnomaly.Detection.Records;

/// <summary>Hides all but the end of a value.</summary>
public static class Masking
{
    private const int MostVisible = 4;

    /// <summary>Replaces all but the last four characters by asterisks; of a value shorter than eight at most half stays, or a short one would not be hidden at all.</summary>
    /// <param name="value">Value to hide.</param>
    public static string Mask(string value)
    {
        var hidden = value.Length - Math.Min(MostVisible, value.Length / 2);

        // Half of a surrogate pair is no character.
        if (hidden < value.Length && char.IsLowSurrogate(value[hidden]))
            hidden++;
        return string.Concat(new string('*', hidden), value.AsSpan(hidden));
    }
}
