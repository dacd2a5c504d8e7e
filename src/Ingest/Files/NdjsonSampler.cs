using AEAnomaly.Detection.Features;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Takes the first JSON objects of a file as they are written.</summary>
internal static class NdjsonSampler
{
    public static RecordSample Sample(InputBuffer input, string name, int maxRows, JsonDecoderOptions limits, RowErrorHandling errorHandling, string lineWord)
    {
        var values = new JsonValueReader(input);
        var sampler = new JsonSampler(limits);
        var errors = new List<RowError>();
        while (sampler.Count < maxRows && values.Read())
        {
            if (sampler.TryAdd(values.Text, out var error))
                continue;
            error = error with { Message = $"{name} {lineWord} {values.Line}: {error.Message}" };
            if (errorHandling == RowErrorHandling.Fail)
                throw new RecordFileException(error.Message + ".") { IsBadRow = true };
            errors.Add(new RowError(values.Line, sampler.Count + errors.Count, error));
        }

        if (sampler.Count == 0)
        {
            throw new RecordFileException(errors.Count == 0
                ? $"{name}: is empty; expected one JSON object a line."
                : $"{name}: none of its first {errors.Count} values can be read; the first: {errors[0].Error.Message}.");
        }

        var columns = sampler.ToColumns();
        if (sampler.Count == 1 && columns.FirstOrDefault(column => column.Values[0].Kind == SampleValueKind.Nested) is { } list)
        {
            throw new RecordFileException(
                $"{name}: holds one JSON object, whose '{list.Path}' is a list; expected an object for each record, one a line or all in one array: take the list out of the object.");
        }

        return new RecordSample(columns, errors, []);
    }
}
