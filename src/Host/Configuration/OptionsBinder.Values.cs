using System.Globalization;

namespace AEAnomaly.Host.Configuration;

/// <content>Scalars, lists and dictionaries.</content>
internal sealed partial class OptionsBinder
{
    private bool TryBindList(Type type, OptionsProperty? property, ConfigurationNode node, string path, out object? value)
    {
        var itemType = OptionsShapes.ItemType(type)!;
        value = null;

        // A variable holds one text; there a list is written with commas.
        if (node is ScalarNode { Origin.Variable: not null } scalar && OptionsShapes.Of(itemType) == OptionsShape.Scalar)
        {
            var split = new SequenceNode(scalar.Origin);
            split.Items.AddRange(scalar.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(t => new ScalarNode(t, scalar.Origin)));
            node = split;
        }

        if (node is not SequenceNode list)
        {
            ReportUnexpected(node, type, property, path);
            return false;
        }

        var items = Array.CreateInstance(itemType, list.Items.Count);
        var complete = true;
        for (var i = 0; i < list.Items.Count; i++)
        {
            var itemPath = $"{path}[{i}]";
            errors.Remember(itemPath, list.Items[i].Origin);
            if (TryBind(itemType, null, list.Items[i], itemPath, out var item))
                items.SetValue(item, i);
            else
                complete = false;
        }

        value = type.IsArray ? items : Activator.CreateInstance(typeof(List<>).MakeGenericType(itemType), items);
        return complete;
    }

    private bool TryBindDictionary(OptionsProperty? property, ConfigurationNode node, string path, out object? value)
    {
        value = null;
        if (node is not MappingNode section)
        {
            ReportUnexpected(node, typeof(Dictionary<string, string>), property, path);
            return false;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in section.Entries)
        {
            var key = OptionsPath.KeyInTable(entry);
            var keyPath = OptionsPath.Join(path, key);
            errors.Remember(keyPath, entry.Origin);
            switch (entry.Value)
            {
                case ScalarNode { IsNull: false } scalar:
                    texts[key] = scalar.Text;
                    break;
                case UnreadableNode:
                    break;
                default:
                    errors.Add(entry.Value.Origin, keyPath, $"found {(entry.Value is ScalarNode ? "no value" : Found(entry.Value, keyPath))}; expected a text.");
                    break;
            }
        }

        value = texts;
        return true;
    }

    private static bool TryConvert(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = text switch { "true" or "True" or "TRUE" => true, "false" or "False" or "FALSE" => false, _ => null };
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(long))
        {
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(double))
        {
            value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        }
        else if (type == typeof(TimeSpan))
        {
            value = DurationText.TryParse(text, out var duration) ? duration : null;
        }
        else if (type.IsEnum)
        {
            value = Enum.GetNames(type).FirstOrDefault(n => OptionsShapes.EnumWord(n) == text) is { } name ? Enum.Parse(type, name) : null;
        }
        else
        {
            throw new NotSupportedException($"Options cannot hold values of type {type}.");
        }

        return value is not null;
    }
}
