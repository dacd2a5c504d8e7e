namespace AEAnomaly.Host.Configuration;

/// <summary>Finds the environment variable that sets a key, from a name that separates its words in another way.</summary>
/// <param name="polymorphic">Sections whose type one of their keys chooses.</param>
internal sealed class MeantVariable(IReadOnlyList<PolymorphicSection> polymorphic)
{
    /// <summary>Finds the variable.</summary>
    /// <param name="words">What was written after the prefix: KAFKA_BOOTSTRAP_SERVERS, kafka.bootstrap-servers.</param>
    /// <returns>AEANOMALY__KAFKA__BOOTSTRAP_SERVERS; null where no key has these words.</returns>
    public string? Find(string words)
    {
        var levels = new List<string>();
        return Match(typeof(AEAnomalyOptions), words, 0, levels) ? EnvironmentOverrides.Prefix + string.Join("__", levels) : null;
    }

    /// <summary>Passes over a word wherever separators stand in it.</summary>
    /// <returns>Where the text goes on: at its end or a separator; -1 where it does not begin with the word.</returns>
    public static int Skip(string word, string text, int at)
    {
        foreach (var letter in word.Where(char.IsLetterOrDigit))
        {
            at = SkipSeparators(text, at);
            if (at == text.Length || char.ToLowerInvariant(text[at]) != char.ToLowerInvariant(letter))
                return -1;
            at++;
        }

        return at == text.Length || IsSeparator(text[at]) ? at : -1;
    }

    private static int SkipSeparators(string text, int at)
    {
        while (at < text.Length && IsSeparator(text[at]))
            at++;
        return at;
    }

    private static bool IsSeparator(char letter) => letter is '_' or '.' or ':' or '-' or '[' or ']';

    private bool Match(Type type, string text, int at, List<string> levels)
    {
        at = SkipSeparators(text, at);
        switch (OptionsShapes.Of(type))
        {
            case OptionsShape.Scalar:
                return at == text.Length;

            case OptionsShape.Dictionary:
                levels.Add(text[at..].Replace('.', '_').Replace('-', '_').ToUpperInvariant());
                return at < text.Length;

            case OptionsShape.List:
                var item = OptionsShapes.ItemType(type)!;
                if (at == text.Length)
                    return OptionsShapes.Of(item) == OptionsShape.Scalar;
                var end = at;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;
                levels.Add(text[at..end]);
                return end > at && Match(item, text, end, levels);

            default:
                return MatchKey(type, text, at, levels);
        }
    }

    private bool MatchKey(Type type, string text, int at, List<string> levels)
    {
        var depth = levels.Count;
        foreach (var (key, valueType) in Keys(type))
        {
            levels.RemoveRange(depth, levels.Count - depth);
            levels.Add(key.ToUpperInvariant());
            if (Skip(key, text, at) is var next and >= 0 && Match(valueType, text, next, levels))
                return true;
        }

        return false;
    }

    private IEnumerable<(string Key, Type Type)> Keys(Type type)
    {
        if (polymorphic.FirstOrDefault(section => section.BaseType == type) is not { } choice)
            return OptionsType.Of(type).Properties.Select(property => (property.Key, property.ValueType));
        return choice.Choices().SelectMany(one => OptionsType.Of(one.Type).Properties).Select(property => (property.Key, property.ValueType)).Prepend((choice.Key, typeof(string))).Distinct();
    }
}
