using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using AEAnomaly.Detection.Configuration;

namespace AEAnomaly.Host.Configuration;

/// <summary>Describes an options class as the file sees it; the binder and the schema both read this and nothing else.</summary>
internal sealed class OptionsType
{
    // A cache of what the types say; it cannot go stale within a process.
    private static readonly ConcurrentDictionary<Type, OptionsType> Cache = new();

    private OptionsType(Type type)
    {
        Type = type;
        Defaults = Activator.CreateInstance(type)!;
        Properties =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p is { CanRead: true, CanWrite: true } && p.SetMethod!.IsPublic && p.GetIndexParameters().Length == 0)
                .OrderBy(p => Depth(p.DeclaringType!))
                .ThenBy(p => p.MetadataToken)
                .Select(p => new OptionsProperty(p, Defaults)),
        ];
    }

    public Type Type { get; }

    /// <summary>Gets an instance with every default.</summary>
    public object Defaults { get; }

    public IReadOnlyList<OptionsProperty> Properties { get; }

    public static OptionsType Of(Type type) => Cache.GetOrAdd(type, static t => new OptionsType(t));

    public OptionsProperty? Find(string key)
    {
        foreach (var property in Properties)
        {
            if (property.Key == key)
                return property;
        }

        return null;
    }

    /// <summary>Gets the keys that a section of some type may be written as by their name alone; empty for most, and for those that are a choice between types.</summary>
    public static IReadOnlyList<OptionsProperty> WordsOf(Type type) =>
        type.IsDefined(typeof(ShortFormAttribute)) ? [.. Of(type).Properties.Where(property => property.ValueType == typeof(bool))] : [];

    private static int Depth(Type type)
    {
        var depth = 0;
        for (var t = type.BaseType; t is not null; t = t.BaseType)
            depth++;
        return depth;
    }
}

/// <summary>Describes one key of an options class.</summary>
internal sealed class OptionsProperty
{
    private readonly PropertyInfo _property;

    public OptionsProperty(PropertyInfo property, object defaults)
    {
        _property = property;
        Key = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        Default = property.GetValue(defaults);
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description;
        Validations = [.. property.GetCustomAttributes<ValidationAttribute>()];
        IsRequired = Validations.OfType<RequiredAttribute>().Any() && (Default is null or "" or ICollection { Count: 0 });
        AllowsNull = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);
    }

    public string Key { get; }

    public Type Type => _property.PropertyType;

    /// <summary>Gets the type without Nullable around it.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Type) ?? Type;

    public object? Default { get; }

    public string? Description { get; }

    /// <summary>Gets whether the file must say it: it is required and has no default.</summary>
    public bool IsRequired { get; }

    public bool AllowsNull { get; }

    public IReadOnlyList<ValidationAttribute> Validations { get; }

    public T? Validation<T>()
        where T : ValidationAttribute => Validations.OfType<T>().FirstOrDefault();

    public object? Get(object options) => _property.GetValue(options);

    /// <summary>Sets the value; init accessors too, since the object is still being made.</summary>
    public void Set(object options, object? value) => _property.SetValue(options, value);
}
