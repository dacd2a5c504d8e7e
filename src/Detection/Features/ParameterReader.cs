using System.Text.Json;

namespace AEAnomaly.Detection.Features;

/// <summary>Reads the parameters of one described transformation; every refusal names the field and the parameter.</summary>
internal sealed class ParameterReader(JsonElement element, string field)
{
    public double Number(string name)
    {
        var value = Property(name);
        return AsNumber(value, name);
    }

    /// <summary>Reads a number that older descriptions lack.</summary>
    public double NumberOr(string name, double absent) =>
        element.ValueKind == JsonValueKind.Object && !element.TryGetProperty(name, out _) ? absent : Number(name);

    public double PositiveNumber(string name)
    {
        var number = Number(name);
        return number > 0 ? number : throw Damaged($"'{name}' must be above 0; found {number}");
    }

    public bool Boolean(string name)
    {
        var value = Property(name);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false", value);
    }

    public string Text(string name)
    {
        var value = Property(name);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "a text", value);
    }

    public double[] RisingNumbers(string name)
    {
        var numbers = Array(name).Select(item => AsNumber(item, name)).ToArray();
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] <= numbers[i - 1])
                throw Damaged($"'{name}' must rise; value {i} is {numbers[i]} after {numbers[i - 1]}");
        }

        return numbers;
    }

    public string[] Texts(string name) =>
        [.. Array(name).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, "texts", item))];

    public ArgumentException Damaged(string what) => new($"The encoder description of field '{field}' is damaged: {what}.");

    private List<JsonElement> Array(string name)
    {
        var value = Property(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Wrong(name, "an array", value);
    }

    private double AsNumber(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "a finite number", value);

    private JsonElement Property(string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Damaged($"expected an object, found {element.ValueKind}");
        return element.TryGetProperty(name, out var value) ? value : throw Damaged($"'{name}' is missing");
    }

    private ArgumentException Wrong(string name, string expected, JsonElement found) =>
        Damaged($"'{name}' must be {expected}; found {found.ValueKind}");
}
