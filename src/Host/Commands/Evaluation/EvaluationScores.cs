using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Writes the score of every tested row, for figures that the command does not compute itself.</summary>
internal static class EvaluationScores
{
    /// <summary>Writes CSV in the order the rows were scored in: row of the file from 1 (the header not counted), label (1 is an anomaly), score.</summary>
    public static string Csv(EvaluationResult result, RecordBatch test)
    {
        var text = new StringBuilder("row,label,score\n");
        for (var i = 0; i < result.Scores.Length; i++)
        {
            // Nine digits give every 32-bit number back; a score that overflowed stays the largest.
            var score = Math.Clamp(result.Scores[i], float.MinValue, float.MaxValue);
            text.Append(CultureInfo.InvariantCulture, $"{test.Origins[result.Judged[i]].Offset + 1},{(result.Labels[i] ? 1 : 0)},{score:G9}\n");
        }

        return text.ToString();
    }
}
