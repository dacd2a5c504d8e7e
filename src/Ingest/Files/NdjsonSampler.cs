using AEAnomaly.Detection.Features;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Takes the first lines of an NDJSON file as they are written.</summary>
internal static class NdjsonSampler
{
    public static IReadOnlyList<SampleColumn> Sample(InputBuffer input, string name, int maxRows, JsonDecoderOptions limits)
    {
        var lines = new NdjsonLineReader(input);
        var sampler = new JsonSampler(limits);
        while (sampler.Count < maxRows && lines.Read())
        {
            if (!sampler.TryAdd(lines.Text, out var error))
                throw new RecordFileException($"{name} line {lines.Line}: {error.Message}.");
        }

        if (sampler.Count == 0)
            throw new RecordFileException($"{name}: is empty; expected one JSON object a line.");
        return sampler.ToColumns();
    }
}
