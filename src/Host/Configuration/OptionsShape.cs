using System.Text.Json;

namespace AEAnomaly.Host.Configuration;

/// <summary>States how a type is written in the file.</summary>
internal enum OptionsShape
{
    Scalar,
    List,
    Dictionary,
    Section,
}

/// <summary>Tells shapes and enum words of types.</summary>
internal static class OptionsShapes
{
    public static OptionsShape Of(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan))
            return OptionsShape.Scalar;
        if (IsDictionary(type))
            return OptionsShape.Dictionary;
        return ItemType(type) is not null ? OptionsShape.List : OptionsShape.Section;
    }

    /// <summary>Gets the type of a list's items, or null when the type is no list.</summary>
    public static Type? ItemType(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        return type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IList<>) || definition == typeof(List<>) || definition == typeof(IReadOnlyList<>) || definition == typeof(ICollection<>))
                ? type.GetGenericArguments()[0]
                : null;
    }

    public static string EnumWord(object value) => EnumWord(value.ToString()!);

    public static string EnumWord(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    public static IEnumerable<string> EnumWords(Type type) => Enum.GetNames(type).Select(EnumWord);

    private static bool IsDictionary(Type type) =>
        type.IsGenericType
        && type.GetGenericTypeDefinition() is var definition
        && (definition == typeof(IDictionary<,>) || definition == typeof(Dictionary<,>) || definition == typeof(IReadOnlyDictionary<,>))
        && type.GetGenericArguments() is [var key, var value]
        && key == typeof(string) && value == typeof(string);
}
