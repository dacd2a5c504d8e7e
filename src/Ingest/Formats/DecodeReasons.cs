namespace AEAnomaly.Ingest.Formats;

/// <summary>Names the reasons of bad input; they are metric labels, so they never change.</summary>
internal static class DecodeReasons
{
    public const string Malformed = "malformed";
    public const string WrongType = "wrong_type";
    public const string MissingField = "missing_field";
    public const string NotFinite = "not_finite";
    public const string TooLarge = "too_large";
    public const string TooDeep = "too_deep";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string DuplicateField = "duplicate_field";
}
