using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Lays over a detector what the command line says about sequences: the window, whose records belong together, and their order.</summary>
internal static class SequenceFields
{
    /// <summary>Sets the window of a variant that reads windows.</summary>
    /// <exception cref="UsageException">The variant reads single records, or the length is out of range.</exception>
    public static void SetWindow(DetectorOptions detector, int? window)
    {
        if (window is not { } records)
            return;
        if (detector.Model is not SequenceOptions options)
        {
            var readers = VariantCatalog.All.Where(v => v.OptionsType.IsSubclassOf(typeof(SequenceOptions))).Select(v => v.Name);
            throw new UsageException($"--window: variant '{VariantCatalog.Describe(detector.Model!).Name}' reads single records; windows are read by {string.Join(", ", readers)}: --variant NAME.");
        }

        if (records is < 2 or > 1024)
            throw new UsageException($"--window: found '{records}'; expected a whole number from 2 to 1024.");
        options.Window = records;
    }

    /// <summary>Declares the one field whose value says whose record it is.</summary>
    public static void SetKey(DetectorOptions detector, string? key, string source)
    {
        if (key is null)
            return;
        for (var i = 0; i < detector.Fields.Count; i++)
        {
            if (detector.Fields[i].Kind == FieldKind.Key)
                detector.Fields[i] = detector.Fields[i].As(FieldKind.Ignore);
        }

        DetectorDeclaration.SetKind(detector, key, FieldKind.Key, "--key", source);
    }

    /// <summary>Has a field read as text and not learned from; a key, a label or a timestamp stays what it is.</summary>
    public static void Read(DetectorOptions detector, string? name, string option, string source)
    {
        if (name is null)
            return;
        var i = DetectorDeclaration.IndexOf(detector, name, option, source);
        if (detector.Fields[i].Kind is not (FieldKind.Key or FieldKind.Label) && !(option == "--time-field" && detector.Fields[i].Kind == FieldKind.Timestamp))
            detector.Fields[i] = detector.Fields[i].As(FieldKind.Ignore) with { PassThrough = PassThrough.Plain };
    }

    /// <summary>Brings records in the order of a field: a timestamp, or a number.</summary>
    /// <exception cref="CommandFailedException">A value is neither.</exception>
    public static RecordBatch Order(RecordBatch records, DetectorOptions detector, string? timeField, string source)
    {
        if (timeField is null)
            return records;
        var field = DetectorDeclaration.IndexOf(detector, timeField, "--time-field", source);
        var times = new double[records.Count];
        var order = new int[records.Count];
        for (var row = 0; row < times.Length; row++)
        {
            order[row] = row;
            times[row] = FeatureSpec.IsNumber(records.Spec.Fields[field].Kind) ? records.Numbers(field)[row] : TimeOf(records.Text(field, row));
            if (double.IsNaN(times[row]))
                throw new CommandFailedException($"{source} row {records.Origins[row].Offset + 1}: --time-field {timeField} holds no time and no number to order by.");
        }

        Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        var ordered = new RecordBatch(records.Spec, records.Count);
        foreach (var row in order)
            ordered.AppendFrom(records, row);
        return ordered;
    }

    private static double TimeOf(ReadOnlySpan<byte> text) =>
        NumberText.TryParse(text, out var number) == ValueStatus.Fine || TimestampText.TryParse(text, out number) == ValueStatus.Fine ? number : double.NaN;
}
