namespace AEAnomaly.Ingest.Formats;

/// <summary>Describes one scalar value of a template, and the bytes before it.</summary>
/// <param name="FixedStart">Where the bytes before it begin in the template's fixed bytes.</param>
/// <param name="FixedLength">How many they are: from the end of the value before, with keys, brackets and blanks.</param>
/// <param name="Field">First field read from the value, or -1.</param>
/// <param name="MustBeNull">Whether fields are declared inside this value, so that only null (and no other scalar) may stand here.</param>
internal readonly record struct JsonSlot(int FixedStart, int FixedLength, int Field, bool MustBeNull);
