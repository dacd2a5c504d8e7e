using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace AEAnomaly.Host.Configuration;

/// <summary>Fills options objects from nodes, checks their annotations, and reports everything that does not fit.</summary>
/// <param name="errors">Receives what does not fit, and where each key was written.</param>
/// <param name="polymorphic">Sections whose type one of their keys chooses.</param>
internal sealed partial class OptionsBinder(ConfigurationErrors errors, IReadOnlyList<PolymorphicSection> polymorphic)
{
    // Polymorphic sections around the one that is being read.
    private readonly List<PolymorphicSection> _around = [];

    /// <summary>Binds a section.</summary>
    /// <typeparam name="T">Options class with a parameterless constructor.</typeparam>
    /// <param name="node">Section as written.</param>
    /// <param name="path">Key path of the section, empty for the top.</param>
    /// <returns>The options; not usable when errors were reported.</returns>
    public T Bind<T>(ConfigurationNode node, string path = "")
        where T : class, new() => (T)(BindSection(typeof(T), node, path) ?? new T());

    private object? BindSection(Type type, ConfigurationNode node, string path)
    {
        errors.Remember(path, node.Origin);
        if (node is ScalarNode { IsNull: true })
            node = new MappingNode(node.Origin);
        if (node is ScalarNode word && OptionsType.WordsOf(type).FirstOrDefault(property => property.Key == word.Text) is { } flag)
        {
            var written = new MappingNode(node.Origin);
            written.Entries.Add(new MappingEntry(flag.Key, node.Origin, new ScalarNode("true", node.Origin)));
            node = written;
        }

        if (node is not MappingNode section)
        {
            errors.Add(node.Origin, path, $"found {Found(node, path)}; expected a section with keys such as {FirstKeys(type)}{OneWord(type)}.");
            return null;
        }

        if (polymorphic.FirstOrDefault(p => p.BaseType == type) is not { } choice)
            return BindKeys(type, section, path, "");
        if (Choose(choice, section, path) is not { } chosen)
            return null;
        _around.Add(choice);
        var options = BindKeys(chosen, section, path, choice.Key);
        _around.RemoveAt(_around.Count - 1);
        return options;
    }

    private object BindKeys(Type type, MappingNode section, string path, string ignored)
    {
        var options = OptionsType.Of(type);
        var target = Activator.CreateInstance(type)!;
        foreach (var entry in section.Entries)
        {
            var keyPath = OptionsPath.Join(path, entry.Key);
            errors.Remember(keyPath, entry.Origin);
            if (entry.Key == ignored)
                continue;
            if (options.Find(entry.Key) is { } property)
                BindProperty(property, target, entry, keyPath);
            else
                ReportUnknown(entry, keyPath, [.. options.Properties.Select(p => p.Key), .. ignored.Length > 0 ? [ignored] : Array.Empty<string>()]);
        }

        foreach (var property in options.Properties)
        {
            if (property.IsRequired && !section.Entries.Exists(e => e.Key == property.Key))
                errors.Add(section.Origin, OptionsPath.Join(path, property.Key), $"is missing; expected {OptionsExpectation.Describe(property.ValueType, property)}.");
        }

        if (target is IValidatableObject self)
            ReportOwnChecks(self, path);
        return target;
    }

    // An options class may know more than its annotations say: which properties librdkafka takes, for one.
    private void ReportOwnChecks(IValidatableObject options, string path)
    {
        foreach (var failure in options.Validate(new ValidationContext(options)))
        {
            var message = failure.ErrorMessage ?? "is not valid";
            var keyPath = failure.MemberNames.FirstOrDefault() is { } member ? OptionsPath.Join(path, JsonNamingPolicy.SnakeCaseLower.ConvertName(member)) : path;
            var colon = message.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0 && errors.Knows(OptionsPath.Join(keyPath, message[..colon])))
                (keyPath, message) = (OptionsPath.Join(keyPath, message[..colon]), message[(colon + 2)..]);
            // A key that was wrong already kept its default; what that breaks is not the user's doing.
            if (!errors.Concerns(keyPath))
                errors.Add(keyPath, message.ReplaceLineEndings(" ").TrimEnd().TrimEnd('.') + ".");
        }
    }

    private void BindProperty(OptionsProperty property, object target, MappingEntry entry, string path)
    {
        if (!TryBind(property.ValueType, property, entry.Value, path, out var value))
            return;

        property.Set(target, value);
        if (value is null)
            return;

        if (value is TimeSpan duration && duration <= TimeSpan.Zero && property.Validation<RangeAttribute>() is null)
        {
            ReportUnexpected(entry.Value, property.ValueType, property, path);
            return;
        }

        var context = new ValidationContext(target) { MemberName = property.Key, DisplayName = path };
        foreach (var validation in property.Validations)
        {
            if (validation.GetValidationResult(value, context) is not { } failure)
                continue;
            if (validation is RequiredAttribute or RangeAttribute or RegularExpressionAttribute or AllowedValuesAttribute or MinLengthAttribute)
                ReportUnexpected(entry.Value, property.ValueType, property, path);
            else
                errors.Add(entry.Value.Origin, path, $"found {Found(entry.Value, path)}; {failure.ErrorMessage}");
            return;
        }
    }

    private bool TryBind(Type type, OptionsProperty? property, ConfigurationNode node, string path, out object? value)
    {
        value = null;
        if (node is UnreadableNode)
            return false;

        var shape = OptionsShapes.Of(type);
        if (node is ScalarNode { IsNull: true })
        {
            if (property is { AllowsNull: true })
                return true;
            if (shape == OptionsShape.Scalar || property is null or { IsRequired: true })
            {
                errors.Add(node.Origin, path, $"has no value; expected {OptionsExpectation.Describe(type, property)}.");
                return false;
            }

            // "fit:" with nothing below it says nothing, so the default stays.
            value = property.Default;
            return true;
        }

        switch (shape)
        {
            case OptionsShape.Scalar:
                if (node is ScalarNode scalar && TryConvert(type, scalar.Text, out value))
                    return true;
                ReportUnexpected(node, type, property, path);
                return false;

            case OptionsShape.List:
                return TryBindList(type, property, node, path, out value);

            case OptionsShape.Dictionary:
                return TryBindDictionary(property, node, path, out value);

            default:
                value = BindSection(type, node, path);
                return value is not null;
        }
    }

    private Type? Choose(PolymorphicSection section, MappingNode node, string path)
    {
        var choices = section.ChoicesAt(_around.Contains(section));
        var entry = node.Entries.Find(e => e.Key == section.Key);
        if (entry is null || entry.Value is ScalarNode { IsNull: true })
            return choices[0].Type;
        if (entry.Value is UnreadableNode)
            return null;
        if (entry.Value is ScalarNode scalar && choices.FirstOrDefault(c => c.Name == scalar.Text) is { } chosen)
            return chosen.Type;

        var keyPath = OptionsPath.Join(path, section.Key);
        var why = entry.Value is ScalarNode known && section.Choices().Any(c => c.Name == known.Text) ? $"{section.WhyNotInside}; " : "";
        var near = entry.Value is ScalarNode word ? ClosestName.Find(word.Text, choices.Select(c => c.Name)) : null;
        errors.Add(
            entry.Value.Origin,
            keyPath,
            $"found {Found(entry.Value, keyPath)}; {why}expected one of {string.Join(", ", choices.Select(c => c.Name))}.{(near is null ? "" : $" Did you mean '{near}'?")}");
        return null;
    }

    private void ReportUnknown(MappingEntry entry, string path, string[] known)
    {
        if (entry.Origin.Variable is { } variable && new MeantVariable(polymorphic).Find(variable[EnvironmentOverrides.Prefix.Length..]) is { } right)
        {
            errors.Add(entry.Origin, path, $"is an unknown key, as two underscores separate levels; did you mean {right}?");
            return;
        }

        var near = ClosestName.Find(entry.Key, known);
        errors.Add(
            entry.Origin,
            path,
            near is null ? $"is an unknown key; expected one of {string.Join(", ", known)}." : $"is an unknown key; did you mean '{near}'?");
    }

    private void ReportUnexpected(ConfigurationNode node, Type type, OptionsProperty? property, string path) =>
        errors.Add(node.Origin, path, $"found {Found(node, path)}; expected {OptionsExpectation.Describe(type, property)}.{Hint(node, type)}");

    private static string Hint(ConfigurationNode node, Type type) =>
        node is ScalarNode { IsSecret: false } scalar && type.IsEnum && ClosestName.Find(scalar.Text, OptionsShapes.EnumWords(type)) is { } near
            ? $" Did you mean '{near}'?"
            : "";

    private string FirstKeys(Type type) =>
        polymorphic.FirstOrDefault(p => p.BaseType == type) is { } section
            ? $"'{section.Key}'"
            : string.Join(", ", OptionsType.Of(type).Properties.Take(4).Select(p => $"'{p.Key}'"));

    private static string OneWord(Type type) =>
        OptionsType.WordsOf(type) is { Count: > 0 } words ? $", or one of {string.Join(", ", words.Select(word => word.Key))}" : "";

    private static string Found(ConfigurationNode node, string path) => node switch
    {
        ScalarNode { IsSecret: true } => "a secret value (not shown)",
        ScalarNode when OptionsPath.IsSecret(path) => "a secret value (not shown)",
        ScalarNode { Text.Length: > 60 } scalar => $"'{scalar.Text[..60]}…'",
        ScalarNode scalar => $"'{scalar.Text}'",
        SequenceNode { Items.Count: 0 } => "an empty list",
        SequenceNode => "a list",
        _ => "a section",
    };
}
