using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace AEAnomaly.Host.Configuration;

/// <summary>Says in words what a key accepts.</summary>
internal static class OptionsExpectation
{
    public static string Describe(Type type, OptionsProperty? property)
    {
        var words = Words(type, property);
        return property is { AllowsNull: true } ? $"{words}, or null" : words;
    }

    public static string Number(object value) => value switch
    {
        TimeSpan duration => DurationText.Format(duration),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Words(Type type, OptionsProperty? property)
    {
        if (property?.Validation<AllowedValuesAttribute>() is { } allowed)
            return OneOf(allowed.Values.Select(v => v?.ToString() ?? "null"));
        if (type.IsEnum)
            return OneOf(OptionsShapes.EnumWords(type));
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(int) || type == typeof(long))
            return "a whole number" + Limits(property);
        if (type == typeof(double) || type == typeof(float))
            return "a number" + Limits(property);
        if (type == typeof(TimeSpan))
            return (Limits(property) is { Length: > 0 } limits ? "a duration" + limits : "a duration above 0") + ", written like 30s, 15m, 24h, 7d or 1h30m";
        if (type == typeof(string))
            return property?.Validation<RegularExpressionAttribute>() is { } pattern ? $"a text like {pattern.Pattern}" : "a text";

        return OptionsShapes.Of(type) switch
        {
            OptionsShape.List => property?.Validation<MinLengthAttribute>() is { } least ? $"a list of at least {least.Length}" : "a list",
            OptionsShape.Dictionary => "a section of names and texts",
            _ => "a section",
        };
    }

    private static string Limits(OptionsProperty? property)
    {
        if (property?.Validation<RangeAttribute>() is not { } range)
            return "";
        return $" from {Number(Limit(range.Minimum, property))} to {Number(Limit(range.Maximum, property))}";
    }

    // RangeAttribute keeps durations as text until it is first used.
    private static object Limit(object limit, OptionsProperty property) =>
        property.ValueType == typeof(TimeSpan) && limit is string text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : limit;

    private static string OneOf(IEnumerable<string> words) => string.Join(", ", words) is var list && list.Contains(',') ? $"one of {list}" : list;
}
