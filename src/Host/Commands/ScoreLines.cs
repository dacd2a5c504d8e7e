using System.Buffers;
using System.Text;
using System.Text.Json;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Commands.Records;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands;

/// <summary>Writes what <c>score</c> found, one JSON object a line.</summary>
internal sealed class ScoreLines(TextWriter output, ModelSnapshot snapshot)
{
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Writes a scored row.</summary>
    /// <param name="row">Row from 1, the header not counted.</param>
    /// <param name="score">Score.</param>
    /// <param name="explanation">Why, or null when that was not asked for.</param>
    public void Write(long row, float score, RecordExplanation? explanation)
    {
        using (var json = Begin())
        {
            json.WriteStartObject();
            json.WriteNumber("row", row);
            json.WriteFinite("score", score);
            json.WriteFinite("ratio", snapshot.Threshold.Ratio(score));
            json.WriteString("verdict", score > snapshot.Threshold.Value ? "anomaly" : "normal");
            if (explanation is not null)
            {
                json.WriteStartArray("features");
                foreach (var feature in explanation.Features)
                    WriteFeature(json, feature);
                json.WriteEndArray();
                json.WriteString("why", explanation.Sentence);
            }

            json.WriteEndObject();
        }

        End();
    }

    /// <summary>Writes a row without a score.</summary>
    /// <param name="row">Row from 1, the header not counted.</param>
    /// <param name="verdict">"warming" where the window of its key is not full yet, "unjudged" where it has no feature.</param>
    public void Write(long row, string verdict)
    {
        using (var json = Begin())
        {
            json.WriteStartObject();
            json.WriteNumber("row", row);
            json.WriteString("verdict", verdict);
            json.WriteEndObject();
        }

        End();
    }

    /// <summary>Writes a row that could not be read.</summary>
    public void Write(in RowError error)
    {
        using (var json = Begin())
            json.WriteError(error);

        End();
    }

    private static void WriteFeature(Utf8JsonWriter json, FeatureContribution feature)
    {
        json.WriteStartObject();
        json.WriteString("name", feature.Field.Name);
        if (feature.Missing)
            json.WriteNull("observed");
        else if (feature.Field.PassThrough == PassThrough.Masked)
            json.WriteString("observed", "***");
        else if (feature.Field.Kind == FieldKind.Numeric)
            json.WriteFinite("observed", feature.Number);
        else
            json.WriteString("observed", feature.Text);

        if (feature.Field.Kind == FieldKind.Numeric)
            json.WriteFinite("expected", feature.Expected.Number);
        else
            json.WriteString("expected", feature.Expected.Text);
        json.WriteFinite("share", Math.Round(feature.Share, 4));
        if (feature.Unseen)
            json.WriteBoolean("unseen", true);
        json.WriteEndObject();
    }

    private Utf8JsonWriter Begin()
    {
        _line.ResetWrittenCount();
        return new Utf8JsonWriter(_line, JsonRows.Readable);
    }

    private void End() => output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
}
