using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Says where in the state of a key each thing lies; made once from what a spec remembers.</summary>
internal sealed class KeyLayout
{
    /// <summary>Categories that a key remembers one by one.</summary>
    public const int CategoriesOfKey = 10;

    public KeyLayout(HistorySpec history)
    {
        HalfLives = [.. history.HalfLives.Select(life => life.TotalSeconds)];
        UsualHalfLife = history.UsualHalfLife.TotalSeconds;
        var features = history.Features.Select(field => field.History!).ToArray();
        Sums = [.. features.Where(feature => feature.Kind == HistoryFeatureKind.Sum).Select(feature => feature.Source).Distinct()];
        Numbers = [.. features.Where(feature => feature.Kind == HistoryFeatureKind.Usual).Select(feature => feature.Source).Distinct()];
        Seen = [.. features.Where(feature => feature.Kind == HistoryFeatureKind.FirstSeen).Select(feature => feature.Source).Distinct()];
        OwnNumbers = [.. features.Where(feature => feature is { Kind: HistoryFeatureKind.Usual, OfAll: false, Within: < 0 }).Select(feature => feature.Source).Distinct()];
        OwnCategories = CategoryPart.Of(features.Where(feature => !feature.OfAll));
        AllCategories = CategoryPart.Of(features.Where(feature => feature.OfAll));
        Place = features.Where(feature => feature.Kind is HistoryFeatureKind.Distance or HistoryFeatureKind.Speed).Select(feature => (feature.Source, feature.Within)).FirstOrDefault((-1, -1));

        // Doubles first, so that all of them lie on their boundaries.
        SumsAt = HalfLives.Length * sizeof(double);
        OwnNumbersAt = SumsAt + (Sums.Length * HalfLives.Length * sizeof(double));
        PlaceAt = OwnNumbersAt + (OwnNumbers.Length * 3 * sizeof(double));
        var at = PlaceAt + (Place.Latitude < 0 ? 0 : KeyPlace.Bytes);
        CategoriesAt = new int[OwnCategories.Length];
        for (var i = 0; i < OwnCategories.Length; i++)
        {
            CategoriesAt[i] = at;
            at += CategoriesOfKey * CategorySlots.WidthOf(OwnCategories[i].Numbers.Length) * sizeof(float);
        }

        SeenAt = at;
        Bytes = (at + (Seen.Length * SeenFilter.Bytes) + sizeof(double) - 1) / sizeof(double) * sizeof(double);
    }

    /// <summary>Gets the half-lives of counts and sums in seconds.</summary>
    public double[] HalfLives { get; }

    /// <summary>Gets the half-life of what is usual, in seconds.</summary>
    public double UsualHalfLife { get; }

    /// <summary>Gets the fields summed.</summary>
    public int[] Sums { get; }

    /// <summary>Gets the fields whose deviation among everybody is known.</summary>
    public int[] Numbers { get; }

    /// <summary>Gets the fields of which a key's own mean is kept, all categories together.</summary>
    public int[] OwnNumbers { get; }

    /// <summary>Gets the categories that a key remembers.</summary>
    public CategoryPart[] OwnCategories { get; }

    /// <summary>Gets the categories that are remembered of everybody.</summary>
    public CategoryPart[] AllCategories { get; }

    /// <summary>Gets the fields of which a key knows which values it ever had.</summary>
    public int[] Seen { get; }

    /// <summary>Gets the fields of the place, -1 without one.</summary>
    public (int Latitude, int Longitude) Place { get; }

    public int SumsAt { get; }

    public int OwnNumbersAt { get; }

    public int PlaceAt { get; }

    public int[] CategoriesAt { get; }

    public int SeenAt { get; }

    /// <summary>Gets the bytes of a key's state, without what its place in the store takes.</summary>
    public int Bytes { get; }
}
