using System.Globalization;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Turns what a configuration says of history into the features of a spec, and says what does not fit.</summary>
public static class HistoryDeclaration
{
    private static readonly FieldKind[] Numbers = [FieldKind.Numeric];
    private static readonly FieldKind[] Categories = [FieldKind.Categorical, FieldKind.Boolean, FieldKind.Key];

    /// <summary>Lists what does not fit.</summary>
    /// <param name="history">Options.</param>
    /// <param name="fields">Declared fields.</param>
    /// <returns>Key below <c>history</c> ("remember[2].sum"), and what is wrong there as a sentence without subject.</returns>
    public static IReadOnlyList<(string Key, string Problem)> Problems(HistoryOptions history, IList<FieldSpec> fields)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(fields);
        var problems = new List<(string Key, string Problem)>();
        if (history.Key is not null)
            Expect(problems, fields, "key", history.Key, [FieldKind.Key, FieldKind.Categorical]);
        else if (!fields.Any(field => field.Kind == FieldKind.Key))
            problems.Add(("key", "is missing, and no field is of kind key; name the field whose values are the keys (card, account, device), or declare one of kind key."));
        if (history.Clock is not null)
            Expect(problems, fields, "clock", history.Clock, [FieldKind.Timestamp]);
        for (var i = 1; i < history.HalfLives.Count; i++)
        {
            if (history.HalfLives[i] <= history.HalfLives[i - 1])
                problems.Add(($"half_lives[{i}]", $"found {Name(history.HalfLives[i])} after {Name(history.HalfLives[i - 1])}; half-lives ascend."));
        }

        for (var i = 0; i < history.HalfLives.Count; i++)
        {
            if (history.HalfLives[i] < TimeSpan.FromSeconds(1))
                problems.Add(($"half_lives[{i}]", $"found {Name(history.HalfLives[i])}; expected a duration of at least 1s, say 30m."));
        }

        if (history.UsualHalfLife < TimeSpan.FromSeconds(1))
            problems.Add(("usual_half_life", $"found {Name(history.UsualHalfLife)}; expected a duration of at least 1s, say 30d."));
        for (var i = 0; i < history.Remember.Count; i++)
            CheckItem(problems, fields, history.Remember[i], $"remember[{i}]");
        if (problems.Count == 0)
            CheckNames(problems, history, fields);
        return problems;
    }

    /// <summary>Makes what a spec needs.</summary>
    /// <exception cref="ArgumentException">Something does not fit; the message lists everything.</exception>
    public static HistorySpec ToSpec(HistoryOptions history, IList<FieldSpec> fields)
    {
        var problems = Problems(history, fields);
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems.Select(problem => $"history.{problem.Key}: {problem.Problem}")), nameof(history));
        var key = history.Key is { } name ? IndexOf(fields, name) : FirstOf(fields, FieldKind.Key);
        var clock = history.Clock is { } time ? IndexOf(fields, time) : FirstOf(fields, FieldKind.Timestamp);
        var features = history.Remember.SelectMany(item => Features(item, history, fields)).ToArray();
        return new HistorySpec(key, clock, [.. history.HalfLives], history.UsualHalfLife, history.MemoryMib * 1024L * 1024, features);
    }

    private static IEnumerable<FieldSpec> Features(HistoryItem item, HistoryOptions history, IList<FieldSpec> fields)
    {
        if (item.Count)
        {
            foreach (var life in history.HalfLives)
                yield return Number($"count_{Name(life)}", new HistoryFeature(HistoryFeatureKind.Count, HalfLife: life), NumericScaling.Log1p);
        }

        if (item.Sum is { } sum)
        {
            var source = IndexOf(fields, sum);
            foreach (var life in history.HalfLives)
                yield return Of(fields[source], Number($"{sum}_sum_{Name(life)}", new HistoryFeature(HistoryFeatureKind.Sum, source, HalfLife: life), NumericScaling.Log1p));
        }

        var ofAll = item.Of == HistoryScope.All;
        var ending = ofAll ? "_of_all" : "";
        if (item.Usual is { } usual)
        {
            var (source, within) = (IndexOf(fields, usual), item.Within is { } category ? IndexOf(fields, category) : -1);
            yield return Of(fields[source], Number(
                $"{usual}_usual{(within < 0 ? "" : $"_in_{item.Within}")}{ending}",
                new HistoryFeature(HistoryFeatureKind.Usual, source, within, ofAll, history.UsualHalfLife),
                NumericScaling.Standard));
        }

        if (item.Share is { } share)
        {
            var source = IndexOf(fields, share);
            yield return Of(fields[source], Number($"{share}_share{ending}", new HistoryFeature(HistoryFeatureKind.Share, source, OfAll: ofAll, HalfLife: history.UsualHalfLife), NumericScaling.Standard));
        }

        if (item.FirstSeen is { } seen)
        {
            var source = IndexOf(fields, seen);
            yield return Of(fields[source], Flag($"{seen}_first_seen", new HistoryFeature(HistoryFeatureKind.FirstSeen, source)));
        }

        if (item.Gap)
        {
            yield return Number("gap", new HistoryFeature(HistoryFeatureKind.Gap), NumericScaling.Log1p, "s");
            yield return Flag("went_back", new HistoryFeature(HistoryFeatureKind.WentBack));
        }

        if (item.Distance.Count == 2)
        {
            var (latitude, longitude) = (IndexOf(fields, item.Distance[0]), IndexOf(fields, item.Distance[1]));
            yield return Of(fields[latitude], Number("distance", new HistoryFeature(HistoryFeatureKind.Distance, latitude, longitude), NumericScaling.Log1p)) with { Unit = "km" };
            yield return Of(fields[latitude], Number("speed", new HistoryFeature(HistoryFeatureKind.Speed, latitude, longitude), NumericScaling.Log1p)) with { Unit = "km/h" };
        }
    }

    private static FieldSpec Number(string name, HistoryFeature feature, NumericScaling scaling, string? unit = null) =>
        new() { Name = name, Kind = FieldKind.Numeric, Scaling = scaling, Unit = unit, History = feature };

    private static FieldSpec Flag(string name, HistoryFeature feature) => new() { Name = name, Kind = FieldKind.Boolean, History = feature };

    // What is masked in a record is masked in what history tells of it.
    private static FieldSpec Of(FieldSpec source, FieldSpec feature) => feature with
    {
        Unit = source.Unit,
        PassThrough = source.PassThrough == PassThrough.Masked ? PassThrough.Masked : PassThrough.None,
    };

    private static void CheckItem(List<(string Key, string Problem)> problems, IList<FieldSpec> fields, HistoryItem? item, string path)
    {
        if (item is null)
            return;
        string[] kinds =
        [
            .. Given(item.Count, "count"), .. Given(item.Sum is not null, "sum"), .. Given(item.Usual is not null, "usual"), .. Given(item.Share is not null, "share"),
            .. Given(item.FirstSeen is not null, "first_seen"), .. Given(item.Gap, "gap"), .. Given(item.Distance.Count > 0, "distance"),
        ];
        if (kinds.Length != 1)
        {
            problems.Add((path, $"found {(kinds.Length == 0 ? "nothing" : string.Join(" and ", kinds))} to remember; expected one of count, sum, usual, share, first_seen, gap, distance. Write one item for each."));
            return;
        }

        Expect(problems, fields, $"{path}.sum", item.Sum, Numbers);
        Expect(problems, fields, $"{path}.usual", item.Usual, Numbers);
        Expect(problems, fields, $"{path}.within", item.Within, Categories);
        Expect(problems, fields, $"{path}.share", item.Share, Categories);
        Expect(problems, fields, $"{path}.first_seen", item.FirstSeen, Categories);
        if (item.Within is not null && item.Usual is null)
            problems.Add(($"{path}.within", $"found '{item.Within}' beside {kinds[0]}; only 'usual' compares within a category. Leave it out."));
        if (item.Of == HistoryScope.All && item.Usual is null && item.Share is null)
            problems.Add(($"{path}.of", $"found 'all' beside {kinds[0]}; only 'usual' and 'share' compare with all keys. Leave it out."));
        if (item.Distance.Count is not (0 or 2))
            problems.Add(($"{path}.distance", $"found {item.Distance.Count} fields; expected two, latitude and longitude in degrees."));
        for (var i = 0; i < item.Distance.Count; i++)
            Expect(problems, fields, $"{path}.distance[{i}]", item.Distance[i], Numbers);
    }

    // Two places would be two features of one name.
    private static void CheckNames(List<(string Key, string Problem)> problems, HistoryOptions history, IList<FieldSpec> fields)
    {
        var givenBy = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < history.Remember.Count; i++)
        {
            foreach (var feature in Features(history.Remember[i], history, fields))
            {
                var path = $"remember[{i}]";
                if (fields.Any(field => field.Name == feature.Name))
                    problems.Add((path, $"gives a feature '{feature.Name}', and a field has that name; give the field another name, and its place in the record as path."));
                else if (!givenBy.TryAdd(feature.Name, i))
                    problems.Add((path, $"gives a feature '{feature.Name}' that remember[{givenBy[feature.Name]}] gives already; remove it."));
            }
        }
    }

    private static void Expect(List<(string Key, string Problem)> problems, IList<FieldSpec> fields, string path, string? name, FieldKind[] kinds)
    {
        if (name is null)
            return;
        var found = fields.FirstOrDefault(field => field?.Name == name);
        if (found is not null && kinds.Contains(found.Kind))
            return;
        var fitting = fields.Where(field => field is not null && kinds.Contains(field.Kind)).Select(field => field.Name).ToArray();
        var what = found is null ? "which is no field" : $"a field of kind {found.Kind.ToString().ToLowerInvariant()}";
        problems.Add((path, $"found '{name}', {what}; expected a field of kind {string.Join(" or ", kinds.Select(kind => kind.ToString().ToLowerInvariant()))}{(fitting.Length > 0 ? $": {string.Join(", ", fitting)}" : ", and none is declared")}."));
    }

    private static IEnumerable<string> Given(bool isGiven, string name) => isGiven ? [name] : [];

    private static int IndexOf(IList<FieldSpec> fields, string name) => Enumerable.Range(0, fields.Count).First(i => fields[i].Name == name);

    private static int FirstOf(IList<FieldSpec> fields, FieldKind kind) => Enumerable.Range(0, fields.Count).FirstOrDefault(i => fields[i].Kind == kind, -1);

    private static string Name(TimeSpan life) => life switch
    {
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 && ticks > 0 => string.Create(CultureInfo.InvariantCulture, $"{life.TotalDays:0}d"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 && ticks > 0 => string.Create(CultureInfo.InvariantCulture, $"{life.TotalHours:0}h"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 && ticks > 0 => string.Create(CultureInfo.InvariantCulture, $"{life.TotalMinutes:0}m"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerSecond == 0 => string.Create(CultureInfo.InvariantCulture, $"{life.TotalSeconds:0}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{life.TotalMilliseconds:0}ms"),
    };
}
