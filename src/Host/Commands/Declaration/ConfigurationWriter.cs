using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Commands.Declaration;

/// <summary>Writes a configuration that people go on editing: every field with the reason for its kind, the usual settings with what they mean.</summary>
internal static class ConfigurationWriter
{
    /// <summary>Writes the file of one detector.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="reasons">Why each field is what it is, in the order of the fields; empty when nothing is to be said.</param>
    /// <param name="historyReason">Why there is a history, or null.</param>
    /// <param name="bootstrapServers">Brokers asked first.</param>
    /// <param name="modelDirectory">Folder of model versions.</param>
    /// <param name="origin">What it was made from, for the first line.</param>
    public static string Write(DetectorOptions detector, IReadOnlyList<string> reasons, string? historyReason, string bootstrapServers, string modelDirectory, string origin)
    {
        var yaml = new StringBuilder();
        yaml.AppendLine(YamlText.Comment($"AEAnomaly configuration, made from {origin}."));
        yaml.AppendLine("# 'aeanomaly check --config FILE' checks it; 'aeanomaly check --schema' writes a JSON Schema for editors.");
        yaml.AppendLine();
        yaml.AppendLine("kafka:");
        yaml.AppendLine($"  bootstrap_servers: {YamlText.Scalar(bootstrapServers)}");
        yaml.AppendLine("  # properties:                  # any librdkafka property, by its own name");
        yaml.AppendLine("  #   security.protocol: SASL_SSL");
        yaml.AppendLine("  #   sasl.password: ${file:/run/secrets/kafka-password}");
        yaml.AppendLine();
        yaml.AppendLine("models:");
        yaml.AppendLine($"  directory: {YamlText.Scalar(modelDirectory)}");
        yaml.AppendLine();
        yaml.AppendLine("http:");
        yaml.AppendLine("  listen: http://127.0.0.1:9464   # /metrics, health, admin API");
        yaml.AppendLine();
        yaml.AppendLine("detectors:");
        yaml.AppendLine($"  - name: {YamlText.Scalar(detector.Name)}");
        yaml.AppendLine($"    topics: [{string.Join(", ", detector.Topics.Select(YamlText.Scalar))}]");
        AppendFields(yaml, detector, reasons);
        AppendHistory(yaml, detector.History, historyReason);
        AppendModel(yaml, detector);
        AppendPolicies(yaml, detector);
        return yaml.ToString();
    }

    private static void AppendFields(StringBuilder yaml, DetectorOptions detector, IReadOnlyList<string> reasons)
    {
        yaml.AppendLine("    # kinds: numeric, categorical, boolean, timestamp (features); key (whose record it is), label, ignore");
        yaml.AppendLine("    fields:");
        var fields = detector.Fields.Select(Field).ToArray();
        var width = Math.Min(60, fields.Max(f => f.Length));
        for (var i = 0; i < fields.Length; i++)
            yaml.AppendLine(i < reasons.Count ? $"      - {fields[i].PadRight(width)}  {YamlText.Comment(reasons[i])}" : $"      - {fields[i]}");
    }

    private static void AppendHistory(StringBuilder yaml, HistoryOptions? history, string? reason)
    {
        if (history is null)
            return;
        if (reason is not null)
            yaml.AppendLine($"    {YamlText.Comment(reason)}");
        yaml.AppendLine("    history:");
        AppendChanged(yaml, history, "      ", "remember");
        yaml.AppendLine("      remember:");
        foreach (var item in history.Remember)
        {
            string[] keys = [.. ChangedKeys(item)];
            yaml.AppendLine($"        - {(keys is ["count: true"] ? "count" : keys is ["gap: true"] ? "gap" : keys.Length == 1 ? keys[0] : $"{{ {string.Join(", ", keys)} }}")}");
        }
    }

    private static string Field(FieldSpec field)
    {
        var defaults = new FieldSpec();
        var keys = new List<string> { $"name: {YamlText.Scalar(field.Name)}", $"kind: {OptionsShapes.EnumWord(field.Kind)}" };
        if (field.Path is not null && field.Path != field.Name)
            keys.Add($"path: {YamlText.Scalar(field.Path)}");
        if (field.Scaling != defaults.Scaling)
            keys.Add($"scaling: {OptionsShapes.EnumWord(field.Scaling)}");
        if (field.MaxCategories != defaults.MaxCategories)
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"max_categories: {field.MaxCategories}"));
        if (field.Required is { } required)
            keys.Add($"required: {(required ? "true" : "false")}");
        if (field.PassThrough != defaults.PassThrough)
            keys.Add($"pass_through: {OptionsShapes.EnumWord(field.PassThrough)}");
        if (field.Missing.Count > 0)
            keys.Add($"missing: [{string.Join(", ", field.Missing.Select(YamlText.Scalar))}]");
        if (field.Decimal is not null)
            keys.Add($"decimal: {YamlText.Scalar(field.Decimal)}");
        if (field.Format is not null)
            keys.Add($"format: {YamlText.Scalar(field.Format)}");
        if (field.TimeZone is not null)
            keys.Add($"time_zone: {YamlText.Scalar(field.TimeZone)}");
        if (field.Normal.Count > 0)
            keys.Add($"normal: [{string.Join(", ", field.Normal.Select(YamlText.Scalar))}]");
        if (field.Unit is not null)
            keys.Add($"unit: {YamlText.Scalar(field.Unit)}");
        return $"{{ {string.Join(", ", keys)} }}";
    }

    private static void AppendModel(StringBuilder yaml, DetectorOptions detector)
    {
        var chosen = detector.Model ?? VariantCatalog.CreateOptions(VariantCatalog.All[0].Name);
        yaml.AppendLine($"    model:");
        yaml.AppendLine($"      variant: {VariantCatalog.Describe(chosen).Name}");
        AppendChanged(yaml, chosen, "      ");
        if (HasChanged(detector.Fit))
        {
            yaml.AppendLine("    fit:");
            AppendChanged(yaml, detector.Fit, "      ");
        }
    }

    private static void AppendPolicies(StringBuilder yaml, DetectorOptions detector)
    {
        var training = detector.Training;
        yaml.AppendLine("    training:");
        yaml.AppendLine($"      every: {(training.Every is { } every ? DurationText.Format(every) : "24h")}                   # how often a new version is trained; leave out for only on request");
        yaml.AppendLine($"      window: {(training.Window is { } window ? DurationText.Format(window) : "null")}                   # how far back it learns from");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"      min_records: {training.MinRecords}            # the first training waits for these");
        yaml.AppendLine("    threshold:");
        yaml.AppendLine($"      method: {OptionsShapes.EnumWord(detector.Threshold.Method)}");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"      quantile: {detector.Threshold.Quantile}             # of held-out normal scores; higher means fewer alerts");
        yaml.AppendLine("    alerts:");
        yaml.AppendLine($"      topic: {YamlText.Scalar(detector.AlertTopicName)}");
        yaml.AppendLine($"    dead_letter_topic: {YamlText.Scalar(detector.DeadLetterTopicName)}");
    }

    private static bool HasChanged(object options) => ChangedKeys(options).Any();

    private static void AppendChanged(StringBuilder yaml, object options, string indent, string? except = null)
    {
        foreach (var key in ChangedKeys(options, except))
            yaml.AppendLine(indent + key);
    }

    private static string Item(object value) => value switch
    {
        string text => YamlText.Scalar(text),
        Enum word => OptionsShapes.EnumWord(word),
        VariantOptions variant => $"{{ {string.Join(", ", [$"variant: {VariantCatalog.Describe(variant).Name}", .. ChangedKeys(variant)])} }}",
        _ => OptionsExpectation.Number(value),
    };

    private static IEnumerable<string> ChangedKeys(object options, string? except = null) =>
        OptionsType.Of(options.GetType()).Properties.Where(property => property.Key != except).Select(property => (property.Key, Value: Changed(property, options))).Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}: {pair.Value}");

    private static string? Changed(OptionsProperty property, object options)
    {
        var value = property.Get(options);
        return value switch
        {
            null => null,
            System.Collections.IEnumerable list and not string => list.Cast<object>().ToArray() is { Length: > 0 } items ? $"[{string.Join(", ", items.Select(Item))}]" : null,
            _ when value.Equals(property.Default) => null,
            string text => YamlText.Scalar(text),
            bool flag => flag ? "true" : "false",
            Enum word => OptionsShapes.EnumWord(word),
            _ => OptionsExpectation.Number(value),
        };
    }
}
